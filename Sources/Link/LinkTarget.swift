/// Where a link connects to.
public struct LinkTarget: Hashable, Sendable, CustomStringConvertible {
  /// A host name, or an IPv4 or IPv6 address without brackets (`fe80::1%eth0` is understood).
  public var host: String
  /// The TCP port.
  public var port: UInt16

  /// Names a host and a port; nothing is checked or resolved before the link opens.
  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// `host:port`, an IPv6 address in brackets: what is logged and what `:authority` says.
  public var description: String { Self.join(host: host, port: port) }

  static func join(host: String, port: UInt16) -> String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
