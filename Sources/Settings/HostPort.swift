import Glibc

/// A host and a TCP port, as written `host:port`, `192.0.2.1:7600` or `[2001:db8::1]:7600`.
public struct HostPort: Hashable, Sendable, CustomStringConvertible {
  /// A name or an address; an IPv6 address without its brackets.
  public var host: String
  /// The TCP port.
  public var port: Int

  /// A host and a port that are known to be good.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `host`, `host:port`, `[ipv6]` or `[ipv6]:port`.
  ///
  /// - Parameters:
  ///   - defaultPort: the port when none is written.
  ///   - ports: the ports accepted; a listener may also allow 0, "any free one".
  public init(
    parsing text: String, defaultPort: Int, ports: ClosedRange<Int> = 1...65535
  ) throws(InvalidValue) {
    let host: Substring
    let rest: Substring
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else {
        throw InvalidValue("\(SettingValue.quoted(text)) lacks the closing bracket")
      }
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
      guard Self.isIPv6(host) else {
        throw InvalidValue("\(SettingValue.quoted(String(host))) is not an IPv6 address")
      }
    } else {
      let colon = text.firstIndex(of: ":") ?? text.endIndex
      host = text[..<colon]
      rest = text[colon...]
      guard !rest.dropFirst().contains(":") else {
        throw InvalidValue("write an IPv6 address in brackets, such as [2001:db8::1]:\(defaultPort)")
      }
      guard Self.isHostName(host) else {
        throw InvalidValue("expected host:port, found \(SettingValue.quoted(text))")
      }
    }
    self.host = String(host)
    self.port = try Self.port(rest, defaultPort: defaultPort, ports: ports, of: text)
  }

  /// `host:port`, with brackets around an IPv6 address; reads back as the same value.
  public var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// Whether the host can only be this machine: `localhost`, 127.0.0.0/8, ::1, or ::ffff:127.0.0.0/104.
  ///
  /// A name other than `localhost` is never taken for loopback, whatever it resolves to.
  public var isLoopback: Bool {
    var v4 = in_addr()
    if inet_pton(AF_INET, host, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
    var v6 = in6_addr()
    if inet_pton(AF_INET6, host, &v6) == 1 {
      let bytes = withUnsafeBytes(of: v6) { Array($0) }
      let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127]
      return bytes == Array(repeating: 0, count: 15) + [1] || bytes.starts(with: mapped)
    }
    return host.lowercased() == "localhost"
  }

  private static func port(
    _ rest: Substring, defaultPort: Int, ports: ClosedRange<Int>, of text: String
  ) throws(InvalidValue) -> Int {
    if rest.isEmpty { return defaultPort }
    let digits = rest.dropFirst()
    guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = Int(digits)
    else { throw InvalidValue("expected host:port, found \(SettingValue.quoted(text))") }
    guard ports.contains(port) else {
      throw InvalidValue(
        "port \(port) is out of range; accepted is \(ports.lowerBound) to \(ports.upperBound)")
    }
    return port
  }

  private static func isIPv6(_ text: Substring) -> Bool {
    var address = in6_addr()
    // A zone (fe80::1%eth0) is for the resolver; inet_pton does not know it.
    let bare = text.prefix { $0 != "%" }
    return inet_pton(AF_INET6, String(bare), &address) == 1
  }

  /// Letters, digits, `-`, `.` and `_`, at most 253 (RFC 1035, section 2.3.4).
  private static func isHostName(_ text: Substring) -> Bool {
    guard !text.isEmpty, text.utf8.count <= 253, !text.hasPrefix("-") else { return false }
    return text.utf8.allSatisfy { byte in
      switch UInt8(byte) {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}
