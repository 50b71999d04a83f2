import GRPC
import Glibc
import Wire

/// The kernel's clocks. The one place where the collector asks what time it is.
enum Clocks {
  /// For the uplink. Its instants are CLOCK_BOOTTIME, which runs on while the machine sleeps: a
  /// connection that slept beyond its deadlines is found dead at once, not a minute later.
  static func reading() -> Moment {
    Moment(
      instant: Instant(nanoseconds: nanoseconds(CLOCK_BOOTTIME)),
      wallMicroseconds: nanoseconds(CLOCK_REALTIME) / 1000)
  }

  /// For the schedule.
  static func schedule() -> ScheduleClocks {
    ScheduleClocks(
      wallMicroseconds: nanoseconds(CLOCK_REALTIME) / 1000,
      bootMicroseconds: nanoseconds(CLOCK_BOOTTIME) / 1000,
      awakeMicroseconds: nanoseconds(CLOCK_MONOTONIC) / 1000)
  }

  /// For the sampler: how long sources take, and what is overdue. It stands still while the machine
  /// sleeps, so that a suspend makes nothing overdue.
  static let awakeNanoseconds: @Sendable () -> Int64 = { nanoseconds(CLOCK_MONOTONIC) }

  /// CPU time of this process, all threads.
  static func processCPUNanoseconds() -> Int64 { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// CPU time of the calling thread.
  static func threadCPUNanoseconds() -> Int64 { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
