/// What a server allows connections as such, before any gRPC is spoken on them.
public struct ServerTransport: Sendable {
  /// Connections beyond this many are closed as soon as they are accepted, and counted.
  public var connectionsMaximum = 20_000
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
