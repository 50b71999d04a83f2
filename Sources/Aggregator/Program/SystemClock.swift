import GRPC
import Glibc
import NIOCore
import NIOPosix
import Wire

/// The kernel's clocks, and the timers of the event loop that asks.
struct SystemClock: ServiceClock {
  var now: Moment {
    Moment(
      instant: Instant(nanoseconds: Self.nanoseconds(CLOCK_MONOTONIC)),
      wallMicroseconds: Self.nanoseconds(CLOCK_REALTIME) / 1000)
  }

  func schedule(after delay: Duration, _ body: @escaping () -> Void) {
    guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else {
      preconditionFailure("a timer was asked for by a thread that is no event loop")
    }
    guard delay >= CoarseTimers.minimumDelay else {
      loop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.saturatedNanoseconds), body)
      return
    }
    CoarseTimers.ofThisLoop.schedule(at: now.instant + delay, on: loop.assumeIsolated(), body)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
