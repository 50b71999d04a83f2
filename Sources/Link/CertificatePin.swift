/// The SHA-256 of a certificate's DER, as `openssl x509 -noout -fingerprint -sha256` prints it.
public struct CertificatePin: Hashable, Sendable, CustomStringConvertible {
  /// The 32 bytes of the digest.
  public let bytes: [UInt8]

  static let byteCount = 32

  /// Parses 64 hexadecimal digits, in either case, with or without colons between the bytes; nil for anything else.
  public init?(_ text: String) {
    var digits: [UInt8] = []
    for character in text.utf8 where character != UInt8(ascii: ":") {
      guard let digit = Self.digit(character), digits.count < 2 * Self.byteCount else { return nil }
      digits.append(digit)
    }
    guard digits.count == 2 * Self.byteCount else { return nil }
    bytes = (0..<Self.byteCount).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
  }

  init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text = ""
    for byte in bytes {
      text.unicodeScalars.append(Unicode.Scalar(digits[Int(byte >> 4)]))
      text.unicodeScalars.append(Unicode.Scalar(digits[Int(byte & 15)]))
    }
    return text
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
