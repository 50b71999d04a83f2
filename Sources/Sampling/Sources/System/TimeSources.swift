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

/// The time zone of local time: `node_time_zone_offset_seconds`, another series in summer.
struct TimeZoneSource: Source {
  private static let offset = Metric.gauge(
    "node_time_zone_offset_seconds", "How far local time is ahead of UTC.", labels: ["time_zone"])

  static let metrics = [offset]

  private let clock: @Sendable () -> Int64?
  private let zone: @Sendable (Int64) -> LocalTimeZone?
  private var series = ChangingSeries()

  init(clock: @escaping @Sendable () -> Int64?, zone: @escaping @Sendable (Int64) -> LocalTimeZone?) {
    self.clock = clock
    self.zone = zone
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    guard let time = clock(), let zone = zone(time / 1_000_000_000) else {
      throw KernelError(path: "localtime_r(3)", errno: ENOSYS)
    }
    guard let id = series.id(of: Self.offset.series(zone.name), in: &table) else { return }
    table.set(id, zone.offsetSeconds)
  }

  mutating func forgetSeries() {
    series.forget()
  }
}
