// gRPC on HTTP/2 (grpc/doc/PROTOCOL-HTTP2.md), both halves, without a socket and without a clock.
//
//     application ── handlers, calls ──► ServerConnection │ ClientConnection ── bytes, time ──► driver
//                                               │
//                                        HTTP2Session (nghttp2)
//
// Invariants:
// - Everything of a connection lives on one loop. Nothing here is Sendable, except what carries work to that loop.
// - Each call ends exactly once, whatever happens: status, reset, deadline, lost connection.
// - What the peer sends never traps. What breaks gRPC ends its call, what breaks HTTP/2 ends the connection.
// - No allocation per message in the steady state: messages are encoded into the stream's buffer, and decoded where
//   they arrived, or from one buffer per call when they arrived in pieces.
// - Every limit has a name in `ConnectionLimits`, `ServerConfiguration` or `ClientConfiguration`, and a counter in
//   `ConnectionCounters`.

/// What a driver (NIO, a poll loop, a simulation) moves between a connection and the world: bytes and time,
/// nothing else.
///
/// A connection belongs to one thread or event loop. The driver's whole duty:
///
/// 1. Give it what arrives (`receive`), and call `tick` when `nextDeadline` is reached.
/// 2. After each of these, and when `onOutputReady` was called, write out what `takeOutput` hands out for
///   as long as
///    the socket takes it, and look at `nextDeadline` again.
/// 3. When `isFinished`, write what is left and close the socket.
/// 4. Call `connectionLost` once the socket is gone, whatever the reason.
public protocol GRPCConnection: AnyObject {
  /// Takes bytes from the peer. Never fails: a violation of the protocol queues a GOAWAY and sets
  /// `isFinished`.
  ///
  /// Not to be called from within a handler or `takeOutput`.
  func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant)

  /// Lets time pass: deadlines of calls, keepalive, the second step of a drain.
  func tick(at now: Instant)

  /// When `tick` wants to be called next; nil when time changes nothing.
  var nextDeadline: Instant? { get }

  /// Whether there is something to write. It may turn out to be nothing: `takeOutput` has the last word.
  var wantsOutput: Bool { get }

  /// Hands the next chunk of output to `body`, which must take all of it; false when there was none.
  ///
  /// Small frames are gathered, so a chunk is worth a write: usually 16 to 32 KiB when there is that much.
  func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool

  /// Whether the connection is over: write what is left, then close the socket.
  var isFinished: Bool { get }

  /// The socket is gone. Every open call ends: UNAVAILABLE on a client, `connectionLost` on a server.
  func connectionLost(at now: Instant)

  /// Called when output arose outside `receive`, `tick` and `takeOutput`, once until the next `takeOutput`.
  ///
  /// The driver should schedule a flush and look at `nextDeadline` again.
  var onOutputReady: (() -> Void)? { get set }
}
