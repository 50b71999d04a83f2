/// The text of a small file in /sys: one word or number, and a newline.
public enum AttributeText {
  /// The number: decimal with a sign, or hexadecimal behind `0x`. Nil if the text is anything else.
  public static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
    let word = trimmed(text)
    if word.count > 2, word[0] == UInt8(ascii: "0"), word[1] | 0x20 == UInt8(ascii: "x") {
      return hexadecimal(UnsafeRawBufferPointer(rebasing: word.dropFirst(2)))
    }
    let isNegative = word.first == UInt8(ascii: "-")
    var cursor = Cursor(isNegative ? UnsafeRawBufferPointer(rebasing: word.dropFirst()) : word)
    guard let value = cursor.digits(), cursor.isAtEnd else { return nil }
    return isNegative ? -value : value
  }

  /// The text as a string, without blanks and newlines around it; what is not UTF-8 in it is repaired.
  public static func string(_ text: UnsafeRawBufferPointer) -> String {
    String(decoding: trimmed(text), as: UTF8.self)
  }

  private static func hexadecimal(_ digits: UnsafeRawBufferPointer) -> Int64? {
    guard digits.count <= 16, let value = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) else {
      return nil
    }
    return Int64(clamping: value)
  }

  private static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var text = text[...]
    while let last = text.last, last <= UInt8(ascii: " ") { text.removeLast() }
    while let first = text.first, first <= UInt8(ascii: " ") { text.removeFirst() }
    return UnsafeRawBufferPointer(rebasing: text)
  }
}
