/// Names that speak of secrets: `--db-password`, `AWS_SECRET_ACCESS_KEY`, `clientSecret`, `x-api-key`.
package enum SecretNames {
  /// A word of the name has one of these in it, …
  private static let stems = [
    "passw", "passphrase", "secret", "token", "credential", "bearer", "signature",
  ].map { Array($0.utf8) }
  /// … or ends in one of these.
  private static let endings = [
    "pass", "pwd", "pw", "key", "keys", "auth", "authorization", "cookie", "psk", "otp", "community",
  ].map { Array($0.utf8) }
  /// But its last word says that it is about something else: `--password-file`.
  private static let harmless = Set(
    [
      "file", "path", "dir", "directory", "name", "type", "length", "ttl", "timeout", "policy", "size",
      "count",
      "format", "algorithm",
    ].map { Array($0.utf8) })
  /// Words that announce a secret without being an option.
  private static let announcing = Set(
    ["password", "passwd", "passphrase", "token", "bearer", "basic", "auth"].map { Array($0.utf8) })

  /// Whether what belongs to this name is a secret.
  package static func speakOfSecret(_ name: some Collection<UInt8>) -> Bool {
    let words = words(of: name)
    guard let last = words.last, !harmless.contains(last) else { return false }
    return words.contains { word in
      stems.contains { word.has($0) } || endings.contains { word.suffix($0.count).elementsEqual($0) }
    }
  }

  /// Whether an argument is followed by a secret: `--token`, `-password`, `Bearer`, `aws_secret_access_key`.
  static func asksForSecret(_ argument: [UInt8]) -> Bool {
    let name = argument.drop { $0 == UInt8(ascii: "-") }
    guard name.count > 1, name.count <= 128, name.allSatisfy(isNameByte) else { return false }
    if name.startIndex > 0 { return speakOfSecret(name) }
    return announcing.contains(name.map(lowercased)) || (words(of: name).count > 1 && speakOfSecret(name))
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    let lower = lowercased(byte)
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }

  static func isUppercase(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private static func lowercased(_ byte: UInt8) -> UInt8 { isUppercase(byte) ? byte | 0x20 : byte }

  /// `dbPassword_old` is `db`, `password`, `old`.
  private static func words(of name: some Collection<UInt8>) -> [[UInt8]] {
    var words: [[UInt8]] = [[]]
    var previous: UInt8 = 0
    for byte in name {
      let isSeparator = !isLetter(byte) && !isDigit(byte)
      let isHump = isUppercase(byte) && isLetter(previous) && !isUppercase(previous)
      if isSeparator || isHump { words.append([]) }
      if !isSeparator { words[words.count - 1].append(lowercased(byte)) }
      previous = byte
    }
    return words.filter { !$0.isEmpty }
  }
}

extension [UInt8] {
  /// Whether `part` is somewhere in it.
  fileprivate func has(_ part: [UInt8]) -> Bool {
    guard count >= part.count else { return false }
    return (0...count - part.count).contains { self[$0...].starts(with: part) }
  }
}
