/// Passwords in URLs: `postgres://app:…@db/shop`, and tokens that stand alone: `https://…@github.com`.
enum SecretURLs {
  /// A user's name of this length or more, without a password, is a token.
  private static let tokenLength = 16

  /// Where they lie, in order.
  static func passwords(in text: [UInt8]) -> [Range<Int>] {
    let scheme = Array("://".utf8)
    var found: [Range<Int>] = []
    var position = 0
    while position + scheme.count < text.count {
      guard text[position...].starts(with: scheme) else {
        position += 1
        continue
      }
      let start = position + scheme.count
      let end = text[start...].firstIndex { $0 <= 0x20 || SecretAssignments.isQuote($0) } ?? text.count
      if let password = password(in: text, start..<end) { found.append(password) }
      position = end
    }
    return found
  }

  /// Of what stands between `://` and the next blank. A password may have `/` and `@` in it, although it
  /// should not; so it goes to the last `@`, unless what looks like one is a port: `http://host:80/a@b`.
  private static func password(in text: [UInt8], _ rest: Range<Int>) -> Range<Int>? {
    let authority = text[rest].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    let colon = authority.firstIndex(of: UInt8(ascii: ":"))
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      if let colon, colon < at { return colon + 1..<at }
      return at - rest.lowerBound >= tokenLength ? rest.lowerBound..<at : nil
    }
    guard let colon, !authority[(colon + 1)...].allSatisfy(SecretNames.isDigit),
      let at = text[rest].lastIndex(of: UInt8(ascii: "@")), at > colon
    else { return nil }
    return colon + 1..<at
  }
}
