internal import CEpoll  // Its header declares `timespec`, too, and Swift then finds it there.
public import GRPC
import Glibc

/// The monotonic clock.
public func monotonic() -> Instant {
  Instant(nanoseconds: nanoseconds(of: CLOCK_MONOTONIC) ?? 0)
}

/// What a clock (`clockid_t`) shows; nil when there is no such clock (any more).
public func nanoseconds(of clock: Int32) -> Int64? {
  var time = timespec()
  guard clock_gettime(clock, &time) == 0 else { return nil }
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension timespec {
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
  }
}
