/// Base64 (RFC 4648, 4) as `-bin` metadata uses it: written without padding, read with or without.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for byte in bytes {
      bits = (bits & 0xff) << 8 | UInt32(byte)
      bitCount += 8
      while bitCount >= 6 {
        bitCount -= 6
        text.append(alphabet[Int(bits >> bitCount & 63)])
      }
    }
    if bitCount > 0 { text.append(alphabet[Int(bits << (6 - bitCount) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil when a character is not of the alphabet, or the length is impossible.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var characters = 0
    var padding = 0
    for character in text {
      if character == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(of: character) else { return nil }
      bits = (bits & 0x3ffff) << 6 | value
      characters += 1
      if characters % 4 != 1 { bytes.append(UInt8(truncatingIfNeeded: bits >> shift(characters % 4))) }
    }
    let isWhole = padding == 0 || (characters + padding) % 4 == 0 && padding <= 2
    return characters % 4 == 1 || !isWhole ? nil : bytes
  }

  /// How far the byte completed by a quantum's 2nd, 3rd or 4th character (2, 3, 0) sits above the lowest bit.
  private static func shift(_ position: Int) -> UInt32 {
    position == 2 ? 4 : position == 3 ? 2 : 0
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
