/// What a server allows connections as such, before any gRPC is spoken on them.
public struct ServerTransport: Sendable {
  /// Beyond this many connections, the oldest on which HTTP/2 has not been spoken yet makes room for a new one; when
  /// there is none, the new one is closed.
  public var connectionsMaximum = 20_000
  /// Connections beyond this many from one IPv4 address or IPv6 /64 network are closed as soon as they are accepted.
  /// Nil: as many as there may be.
  public var connectionsPerAddressMaximum: Int?
  /// TLS and the client's first HTTP/2 frames must be there within this time of the accept.
  public var openingTimeout = Duration.seconds(10)
  /// Connections that the kernel may hold ready for `accept`.
  public var acceptBacklog = 1024
  /// Connections older than this are drained, so that a fleet spreads itself anew over its servers. Nil: never.
  public var connectionAgeMaximum: Duration?
  /// The age is drawn anew for each connection from ±this share of it, so that they do not leave all at once.
  public var connectionAgeJitter = 0.1
  /// How long a drained connection's open calls may still take before it is closed.
  public var connectionAgeGrace = Duration.seconds(60)

  /// The defaults.
  public init() {}

  /// The age at which one connection is drained; `draw` is in 0..<1.
  func age(_ draw: Double) -> Duration? {
    connectionAgeMaximum.map { $0 * (1 + connectionAgeJitter * (2 * draw - 1)) }
  }
}
