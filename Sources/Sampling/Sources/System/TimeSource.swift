// struct timespec comes with whichever C module was read first.
internal import CLinux
import Glibc
import ProcFS
import Wire

/// The wall clock: `node_time_seconds`.
///
/// Whole milliseconds, as Prometheus' own timestamps are, so that nothing finer could be compared with it: two bytes
/// in a frame, where a double that changes wholly with every sample would take eight.
struct TimeSource: Source {
  static let metrics = [
    Metric.gauge("node_time_seconds", "The time by the wall clock, in seconds since 1970.", divisor: 1000)
  ]

  private let clock: @Sendable () -> Int64?
  private var series = FixedSeries(metrics)

  init(clock: @escaping @Sendable () -> Int64?) {
    self.clock = clock
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    guard let time = clock() else { throw KernelError(path: "clock_gettime(2)", errno: ENOSYS) }
    guard let id = series.first(in: &table) else { return }
    table.set(id, time / 1_000_000)
  }

  mutating func forgetSeries() {
    series.forget()
  }
}

/// The time by the wall clock, in nanoseconds since 1970.
func wallNanoseconds() -> Int64? {
  var time = timespec()
  guard clock_gettime(CLOCK_REALTIME, &time) == 0 else { return nil }
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
