import ProcFS
import Wire

/// `/proc/loadavg`: `node_load1`, `node_load5`, `node_load15`.
struct LoadAverageSource: Source {
  let name = "loadavg"

  private let file: KernelFile
  private var load = LoadAverage()
  private var series = FixedSeries([
    SeriesDescriptor("node_load1", kind: .gauge, divisor: 100),
    SeriesDescriptor("node_load5", kind: .gauge, divisor: 100),
    SeriesDescriptor("node_load15", kind: .gauge, divisor: 100),
  ])

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
