/// Words that are a key or a token by the look of them, whatever stands before.
enum SecretShapes {
  /// How such words begin, and how long they are at least.
  private static let prefixes: [(text: [UInt8], minimum: Int)] = [
    ("AKIA", 20), ("ASIA", 20), ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20),
    ("github_pat_", 20), ("glpat-", 20), ("xoxb-", 15), ("xoxp-", 15), ("xoxa-", 15), ("xoxs-", 15),
    ("sk-", 20), ("sk_live_", 20), ("sk_test_", 20), ("rk_live_", 20), ("AIza", 30), ("ya29.", 20),
    ("hvs.", 20), ("s.", 26), ("npm_", 20), ("dop_v1_", 20), ("SG.", 20), ("eyJ", 30),
    ("AGE-SECRET-KEY-", 20), ("pypi-", 20),
  ].map { (Array($0.0.utf8), $0.1) }
  /// The length of an AWS secret access key, and from which on any word of mixed letters and digits is hidden.
  private static let keyLength = 40

  /// Where they lie, in order.
  static func words(in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    while start < text.count {
      guard isTokenByte(text[start]) else {
        start += 1
        continue
      }
      let end = text[start...].firstIndex { !isTokenByte($0) } ?? text.count
      if isSecret(text[start..<end]) { found.append(start..<end) }
      start = end
    }
    return found
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    SecretNames.isNameByte(byte) || "+/.".utf8.contains(byte)
  }

  private static func isSecret(_ word: ArraySlice<UInt8>) -> Bool {
    if prefixes.contains(where: { word.count >= $0.minimum && word.starts(with: $0.text) }) { return true }
    guard word.count >= keyLength, word.first != UInt8(ascii: "/"), !word.contains(UInt8(ascii: ".")),
      word.count == keyLength || !word.contains(UInt8(ascii: "/"))
    else { return false }
    return word.contains(where: SecretNames.isUppercase) && word.contains(where: SecretNames.isDigit)
      && word.contains { SecretNames.isLetter($0) && !SecretNames.isUppercase($0) }
  }
}
