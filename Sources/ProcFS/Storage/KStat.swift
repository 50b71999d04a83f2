/// A kstat of ZFS: names and values, `/proc/spl/kstat/zfs/arcstats`. See module/os/linux/spl/spl-kstat.c of
/// OpenZFS.
///
///     13 1 0x01 123 33456 3127044182 862938284371
///     name                            type data
///     hits                            4    1938203344
///     memory_available_bytes          3    -35901223
///
/// Types are 1 to 6 for integers (3 is `int64_t`, 4 `uint64_t`) and 7 for text.
public struct KStat {
  /// More values than this are an error; arcstats has about 150.
  public static let maximumEntries = 4096

  /// One line.
  public struct Entry {
    /// Where the name stands.
    public let name: TextRange
    /// Where the value stands, without blanks around it.
    public let text: TextRange
    /// The value; nil if it is no integer.
    public let value: Int64?
  }

  /// The values, in the file's order.
  public private(set) var entries: [Entry] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the values by those of `text`. After an error they are incomplete. `file` is for errors.
  public mutating func parse(_ text: UnsafeRawBufferPointer, file: String) throws(KernelError) {
    entries.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    cursor.skipLine()
    guard cursor.words(are: ["name", "type", "data"], in: text) else {
      throw .malformed(file: file, line: 2, reason: "name type data is expected")
    }
    cursor.skipLine()
    var line = 3
    while !cursor.isAtEnd {
      cursor.skipBlanks()
      if !cursor.isAtLineEnd { try parseEntry(&cursor, text, file, line) }
      cursor.skipLine()
      line += 1
    }
  }

  private mutating func parseEntry(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ file: String, _ line: Int
  ) throws(KernelError) {
    guard entries.count < Self.maximumEntries else {
      throw .malformed(file: file, line: line, reason: "more than \(Self.maximumEntries) values")
    }
    let name = cursor.word()
    guard let type = cursor.number() else {
      throw .malformed(file: file, line: line, reason: "the number of a type is expected behind the name")
    }
    let value = cursor.restOfLine()
    let integer = (1...6).contains(type) ? AttributeText.integer(value.bytes(in: text)) : nil
    if (1...6).contains(type), integer == nil {
      throw .malformed(file: file, line: line, reason: "an integer is expected behind the type")
    }
    entries.append(Entry(name: name, text: value, value: integer))
  }
}

extension Cursor {
  /// Reads words; true if they are these.
  fileprivate mutating func words(are words: [String], in text: UnsafeRawBufferPointer) -> Bool {
    for expected in words where !word().bytes(in: text).elementsEqual(expected.utf8) { return false }
    return true
  }

  /// Steps to the line's end. The words up to there, with what lies between them.
  fileprivate mutating func restOfLine() -> TextRange {
    skipBlanks()
    let first = offset
    var end = offset
    while !isAtLineEnd {
      _ = word()
      end = offset
      skipBlanks()
    }
    return TextRange(offset: first, count: end - first)
  }
}
