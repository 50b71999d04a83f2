internal import Glibc

/// An address and a port as `/proc/net/ip_vs` writes them: `C0A80016:0CEA`, or
/// `[2001:0db8:0000:0000:0000:0000:0000:0001]:0050`.
public struct IPVSEndpoint: Hashable, Sendable {
  /// The address as people write it: `192.168.0.22`, `2001:db8::1`.
  public let address: String
  /// The port as people write it: `3306`.
  public let port: String

  /// The endpoint that the text means; nil if it means none.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...], radix: 16)
    else { return nil }
    self.port = "\(port)"
    let host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      guard let address = Self.shortened(String(host.dropFirst().dropLast())) else { return nil }
      self.address = address
    } else {
      guard host.utf8.count == 8, let address = UInt32(host, radix: 16) else { return nil }
      self.address = (0..<4).map { "\(address >> (24 - 8 * $0) & 0xff)" }.joined(separator: ".")
    }
  }

  /// Whether a word of the file is an endpoint, without making one.
  static func isValid(_ word: UnsafeRawBufferPointer) -> Bool {
    var cursor = Cursor(word)
    if cursor.skip(UInt8(ascii: "[")) {
      for group in 0..<8 {
        guard group == 0 || cursor.skip(UInt8(ascii: ":")), hasFourDigits(&cursor) else { return false }
      }
      guard cursor.skip(UInt8(ascii: "]")) else { return false }
    } else {
      guard hasFourDigits(&cursor), hasFourDigits(&cursor) else { return false }
    }
    return cursor.skip(UInt8(ascii: ":")) && hasFourDigits(&cursor) && cursor.isAtEnd
  }

  private static func hasFourDigits(_ cursor: inout Cursor) -> Bool {
    for _ in 0..<4 {
      guard isxdigit(Int32(cursor.next)) != 0 else { return false }
      cursor.step()
    }
    return true
  }

  /// An address of IPv6 as RFC 5952 wants it.
  private static func shortened(_ text: String) -> String? {
    var address = in6_addr()
    guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      guard let start = buffer.baseAddress,
        inet_ntop(AF_INET6, &address, start, socklen_t(buffer.count)) != nil
      else { return nil }
      return String(cString: start)
    }
  }
}
