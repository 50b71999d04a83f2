import ProcFS
import Wire

/// `/proc/loadavg`: `node_load1`, `node_load5`, `node_load15`.
struct LoadAverageSource: Source {
  private let file: KernelFile
  private var load = LoadAverage()
  private var series = FixedSeries(metrics)

  static let metrics = [
    Metric.gauge("node_load1", "Load average over a minute.", divisor: 100),
    Metric.gauge("node_load5", "Load average over five minutes.", divisor: 100),
    Metric.gauge("node_load15", "Load average over 15 minutes.", divisor: 100),
  ]

  init(root: ProcRoot) {
    file = KernelFile(LoadAverage.path, of: root, shape: .record)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try load.parse(try file.read(into: &buffer))
    guard let first = series.first(in: &table) else { return }
    table.set(first, load.one)
    table.set(first + 1, load.five)
    table.set(first + 2, load.fifteen)
  }

  mutating func forgetSeries() {
    series.forget()
  }
}
