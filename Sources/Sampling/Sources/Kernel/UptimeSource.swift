import ProcFS
import Wire

/// `/proc/uptime`: `muster_host_uptime_seconds`, for which node_exporter has no name.
struct UptimeSource: Source {
  private let file: KernelFile
  private var uptime = Uptime()
  private var series = FixedSeries(metrics)

  static let metrics = [
    Metric.gauge("muster_host_uptime_seconds", "Time since the system booted.", divisor: 100)
  ]

  init(root: ProcRoot) {
    file = KernelFile(Uptime.path, of: root, shape: .record)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try uptime.parse(try file.read(into: &buffer))
    guard let id = series.first(in: &table) else { return }
    table.set(id, uptime.hundredths)
  }

  mutating func forgetSeries() {
    series.forget()
  }
}
