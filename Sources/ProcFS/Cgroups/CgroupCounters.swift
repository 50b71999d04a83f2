/// Files of one name and one number a line, of which only some are wanted: `cpu.stat`, `memory.stat`, `memory.events`.
///
///     usage_usec 4281203
///     user_usec 3110023
///     system_usec 1171180
///
/// Which lines there are depends on the kernel and on the controllers that are enabled.
public struct CgroupCounters {
  private let file: String
  private let names: [StaticString]
  /// The numbers by the order of the names; nil of those that are not in the file.
  public private(set) var values: [Int64?]

  /// Nothing parsed yet. `file` is for errors.
  public init(file: String, names: [StaticString]) {
    self.file = file
    self.names = names
    values = Array(repeating: nil, count: names.count)
  }

  /// Replaces the values by those of `text`.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    for index in values.indices { values[index] = nil }
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      if let index = wanted(&cursor) {
        guard let value = cursor.number(), cursor.isAtLineEnd else {
          throw .malformed(file: file, line: line, reason: "a number is expected behind \(names[index])")
        }
        values[index] = value
      }
      cursor.skipLine()
      line += 1
    }
  }

  /// Steps over the line's name, if it is one of those wanted.
  private func wanted(_ cursor: inout Cursor) -> Int? {
    for index in names.indices {
      var ahead = cursor
      guard ahead.skip(prefix: names[index]), ahead.isAtBlank || ahead.isAtLineEnd else { continue }
      cursor = ahead
      return index
    }
    return nil
  }
}
