/// Small files of /sys with a name and a value a line: `write_errs 2`, `rate:\t\t1.1M/sec`.
public enum KeyedLine {
  /// The value of a name, without blanks around it; nil if no line begins with it. A colon in the file is
  /// part of the name.
  public static func value(of name: StaticString, in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer?
  {
    var cursor = Cursor(text)
    while !cursor.isAtEnd {
      if cursor.skip(prefix: name), cursor.isAtBlank { return cursor.word().bytes(in: text) }
      cursor.skipLine()
    }
    return nil
  }

  /// The same as a number.
  public static func integer(of name: StaticString, in text: UnsafeRawBufferPointer) -> Int64? {
    value(of: name, in: text).flatMap(AttributeText.integer)
  }
}
