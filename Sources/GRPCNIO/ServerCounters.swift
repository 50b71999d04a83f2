public import GRPC

/// What has happened to a server's connections since it started.
public struct ServerCounters: Sendable, Equatable {
  /// Connections accepted from the kernel, refused ones included.
  public internal(set) var accepted = 0
  /// Closed at once: as many as allowed were open, or the server was draining.
  public internal(set) var refusedOverLimit = 0
  /// Closed at once: as many as allowed were open from that address.
  public internal(set) var refusedForAddress = 0
  /// Closed before HTTP/2 was spoken on them, to make room for others.
  public internal(set) var displaced = 0
  /// Connections on which HTTP/2 was spoken.
  public internal(set) var opened = 0
  /// Lost to a failed TLS handshake.
  public internal(set) var failedTLS = 0
  /// Closed: TLS without ALPN `h2`.
  public internal(set) var failedProtocol = 0
  /// Closed: TLS or the HTTP/2 preface took too long.
  public internal(set) var timedOut = 0
  /// Closed by the peer, or not HTTP/2, before they were open.
  public internal(set) var abandoned = 0
  /// Closed by the server because a drain's time was over.
  public internal(set) var aborted = 0
  /// What connections that are gone had counted, added up.
  public internal(set) var ended = ConnectionCounters()
  /// Log lines about failed openings that were not written, to bound what strangers can make us log.
  public internal(set) var unloggedFailures = 0

  mutating func count(_ failure: OpeningOutcome.Failure) {
    switch failure {
    case .tls: failedTLS += 1
    case .noProtocol: failedProtocol += 1
    case .timedOut: timedOut += 1
    case .closed, .notHTTP2, .unreachable: abandoned += 1
    }
  }
}
