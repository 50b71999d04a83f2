/// Values behind a name and a `=` or `:`, where the name speaks of a secret.
///
///     --password=…   DB_PASSWORD=…   Authorization: Bearer …   {"token": "…"}   ?key=…&page=2
enum SecretAssignments {
  /// Where the values lie, in order, none of them empty.
  static func values(in text: [UInt8]) -> [Range<Int>] {
    var values: [Range<Int>] = []
    var position = 0
    while let separator = text[position...].firstIndex(where: isSeparator) {
      position = separator + 1
      let name = name(before: separator, in: text)
      guard !name.isEmpty, SecretNames.speakOfSecret(text[name]) else { continue }
      let value = value(after: separator, of: name, in: text)
      guard !value.isEmpty else { continue }
      values.append(value)
      position = value.upperBound
    }
    return values
  }

  static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// The name just before, without the quotes and blanks in between.
  private static func name(before separator: Int, in text: [UInt8]) -> Range<Int> {
    var end = separator
    while end > 0, isBlank(text[end - 1]) || isQuote(text[end - 1]) { end -= 1 }
    var start = end
    while start > 0, end - start < 128, SecretNames.isNameByte(text[start - 1]) { start -= 1 }
    return start..<end
  }

  /// How far the value goes: through its closing quote; else to where the text around it goes on. A value
  /// that could be longer is taken as longer.
  private static func value(after separator: Int, of name: Range<Int>, in text: [UInt8]) -> Range<Int> {
    var start = separator + 1
    while start < text.count, isBlank(text[start]) { start += 1 }
    guard start < text.count else { return start..<start }
    if isQuote(text[start]) { return start + 1..<end(of: text, from: start + 1, at: { $0 == text[start] }) }
    let before = name.lowerBound > 0 ? text[name.lowerBound - 1] : 0
    if isQuote(before) {
      // The quote around name and value (`'Authorization: Bearer x'`), or that of JSON's names alone.
      let isWithin = !isQuote(text[name.upperBound])
      return
        start..<end(of: text, from: start) {
          isWithin ? $0 == before : isBlank($0) || $0 == UInt8(ascii: ",")
        }
    }
    // A whole argument; a header, whose value has several words.
    if name.lowerBound == 0 || text[separator] == UInt8(ascii: ":") { return start..<text.count }
    if before == UInt8(ascii: "-"), text[..<name.lowerBound].allSatisfy({ $0 == before }) {
      return start..<text.count
    }
    let isQuery = before == UInt8(ascii: "?") || before == UInt8(ascii: "&")
    return
      start..<end(of: text, from: start) {
        isBlank($0) || isQuote($0) || (isQuery && $0 == UInt8(ascii: "&"))
      }
  }

  private static func end(of text: [UInt8], from start: Int, at isEnd: (UInt8) -> Bool) -> Int {
    var end = start
    while end < text.count, !isEnd(text[end]) {
      // What is escaped is not the end.
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(end, text.count)
  }
}
