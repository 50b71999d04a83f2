internal import CLinux
import Glibc

/// A timer on the wall clock that also fires when somebody sets that clock.
///
/// timerfd_create(2): with TFD_TIMER_CANCEL_ON_SET a discontinuous change of CLOCK_REALTIME makes the
/// descriptor readable, and reading it fails with ECANCELED.
final class WakeTimer {
  let descriptor: Int32

  init() throws(CollectorFailure) {
    descriptor = timerfd_create(CLOCK_REALTIME, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
    guard descriptor >= 0 else { throw .system("timerfd_create", errno) }
  }

  deinit { close(descriptor) }

  /// Fires at this time of the wall clock, or when the clock is set before.
  func arm(wallMicroseconds: Int64) throws(CollectorFailure) {
    var setting = itimerspec()
    setting.it_value.tv_sec = Int(wallMicroseconds / 1_000_000)
    setting.it_value.tv_nsec = Int(wallMicroseconds % 1_000_000) * 1000
    let flags = Int32(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)
    guard timerfd_settime(descriptor, flags, &setting, nil) == 0 else {
      throw .system("timerfd_settime", errno)
    }
  }

  /// Takes note of a firing, so that the descriptor is no longer readable.
  func acknowledge() {
    var expirations: UInt64 = 0
    // Fails with ECANCELED after a clock step: what happened is read off the clocks, not off this.
    _ = read(descriptor, &expirations, MemoryLayout.size(ofValue: expirations))
  }
}

extension CollectorFailure {
  static func system(_ call: String, _ number: Int32) -> CollectorFailure {
    CollectorFailure(ExitCode.system, "\(call) failed: \(String(cString: strerror(number)))")
  }
}
