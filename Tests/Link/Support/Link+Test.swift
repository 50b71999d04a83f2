import GRPC

@testable import Link

extension Link {
  /// A link to a peer's port of 127.0.0.1.
  convenience init(to port: UInt16, tls: LinkTLS? = nil, limits: LinkLimits = LinkLimits()) {
    self.init(
      target: LinkTarget(host: "127.0.0.1", port: port), tls: tls, configuration: ClientConfiguration(),
      limits: limits)
  }

  /// A link to a name, resolved by `lookup`.
  convenience init(
    named host: String, _ port: UInt16, limits: LinkLimits = LinkLimits(),
    lookup: @escaping @Sendable (LinkTarget) -> Lookup.Answer
  ) {
    self.init(
      target: LinkTarget(host: host, port: port), tls: nil, configuration: ClientConfiguration(),
      limits: limits,
      lookup: lookup)
  }

  /// Starts a call on the open connection.
  func start(_ path: String, _ handler: Heard) throws -> ClientCall {
    guard let grpc else { throw Status(.unavailable, "the link is not open") }
    return try grpc.start(path, handler: handler)
  }
}

extension SocketAddress {
  /// A port of 127.0.0.1.
  static func loopback(_ port: UInt16) throws -> SocketAddress {
    guard let address = Lookup.numeric(LinkTarget(host: "127.0.0.1", port: port)) else {
      throw Status(.internalError, "127.0.0.1 is no address")
    }
    return address
  }
}
