/// Where a server listens.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// A name or an IP address of this machine; `0.0.0.0` and `::` are all of them.
  public var host: String
  /// A TCP port; 0 lets the kernel choose one.
  public var port: Int

  /// A host and a port.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `host:port`, an IPv6 address in brackets.
  public var description: String { hostAndPort(host, port) }
}

/// What a client connects to.
public struct Target: Hashable, Sendable, CustomStringConvertible {
  /// A name or an IP address; all addresses of a name are tried (RFC 8305).
  public var host: String
  /// A TCP port.
  public var port: Int

  /// A host and a port.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `host:port`, an IPv6 address in brackets.
  public var description: String { hostAndPort(host, port) }
}

func hostAndPort(_ host: String, _ port: Int) -> String {
  host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
}
