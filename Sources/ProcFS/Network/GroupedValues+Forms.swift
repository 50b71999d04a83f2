/// One group, or line, of each ``GroupedValues/Form``.
extension GroupedValues {
  /// Two lines; the cursor stays at the end of the second.
  mutating func learnHeadings(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: inout Int
  ) throws(KernelError) {
    let group = try group(&cursor, text, line)
    let first = names.count
    var word = cursor.word()
    while word.count > 0 {
      try add("\(group)_\(word.string(in: text))", line)
      word = cursor.word()
    }
    cursor.skipLine()
    line += 1
    guard try self.group(&cursor, text, line) == group else {
      throw malformed(line, "the numbers of \(group) are expected")
    }
    for _ in first..<names.count where !numbers.learn(&cursor, in: text) {
      throw malformed(line, "\(names.count - first) numbers are expected")
    }
    cursor.skipBlanks()
    guard cursor.isAtLineEnd else { throw malformed(line, "\(names.count - first) numbers are expected") }
  }

  mutating func learnPairs(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: Int
  ) throws(KernelError) {
    let group = try group(&cursor, text, line)
    var word = cursor.word()
    while word.count > 0 {
      try add("\(group)_\(word.string(in: text))", line)
      guard numbers.learn(&cursor, in: text) else {
        throw malformed(line, "a number is expected behind each name")
      }
      word = cursor.word()
    }
  }

  mutating func learnLine(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: Int
  ) throws(KernelError) {
    let word = cursor.word().bytes(in: text)
    guard let six = word.firstIndex(of: UInt8(ascii: "6")), six + 1 < word.count else {
      throw malformed(line, "a name with a 6 in it is expected")
    }
    let field = String(decoding: word[(six + 1)...], as: UTF8.self)
    try add("\(String(decoding: word[...six], as: UTF8.self))_\(field)", line)
    guard numbers.learn(&cursor, in: text) else {
      throw malformed(line, "a number is expected behind the name")
    }
    cursor.skipBlanks()
    guard cursor.isAtLineEnd else { throw malformed(line, "more than a name and a number") }
  }
}
