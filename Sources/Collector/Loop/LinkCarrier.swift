import GRPC
import Link

/// The connection as its driver sees it: `Link` in the program; in a simulation, memory and virtual time.
protocol LinkCarrier: AnyObject {
  /// Not nil from `.connected` until `.closed`.
  var grpc: ClientConnection? { get }
  /// Who is at the other end, for logs.
  var peer: String? { get }
  /// What to poll, and for what.
  var descriptor: Int32 { get }
  var interest: Int16 { get }
  /// When `tick` wants to be called.
  var nextDeadline: Instant? { get }
  /// All connections together.
  var bytesSent: UInt64 { get }
  var bytesReceived: UInt64 { get }

  /// Begins to connect; `handle` or `tick` tells how it went.
  func open(at now: Instant)
  /// Goes on after `poll` reported something.
  func handle(revents: Int16, at now: Instant) -> LinkEvent?
  /// Lets time pass.
  func tick(at now: Instant) -> LinkEvent?
  /// Sends what calls have queued, as far as it is taken.
  func flush(at now: Instant) -> LinkEvent?
  /// Ends the connection at once; no event follows.
  func close()
}

extension Link: LinkCarrier {}
