import CEpoll  // Its header declares `timespec`, too, and Swift then finds it there.
import GRPC
import Glibc

/// The monotonic clock.
func monotonic() -> Instant {
  Instant(nanoseconds: nanoseconds(of: CLOCK_MONOTONIC) ?? 0)
}

/// What a clock shows; nil when there is no such clock (any more).
func nanoseconds(of clock: clockid_t) -> Int64? {
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
