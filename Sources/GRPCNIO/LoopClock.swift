import GRPC
import NIOCore

extension EventLoop {
  /// The loop's monotonic time, which is virtual in tests.
  var instant: Instant { Instant(nanoseconds: Int64(clamping: now.uptimeNanoseconds)) }
}

extension NIODeadline {
  init(_ instant: Instant) {
    self = .uptimeNanoseconds(UInt64(clamping: instant.nanoseconds))
  }
}

extension TimeAmount {
  /// Saturates at what 64 bits of nanoseconds hold.
  init(_ duration: Duration) {
    self = .nanoseconds(duration.saturatedNanoseconds)
  }
}

/// Lets the holders of a connection speak to it from any thread, by hopping to its loop.
struct EventLoopExecutor: LoopExecutor {
  let loop: any EventLoop

  func execute(_ body: @escaping @Sendable () -> Void) {
    loop.execute(body)
  }
}
