import Glibc
import ProcFS
import Wire

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
