import ProcFS
import Wire

/// `/proc/schedstat`: `node_schedstat_*` of each CPU.
struct SchedulerSource: Source {
  static let metrics = [
    Metric.counter(
      "node_schedstat_running_seconds_total", "Time in which tasks ran on a CPU.", labels: ["cpu"],
      divisor: 1_000_000_000),
    Metric.counter(
      "node_schedstat_waiting_seconds_total", "Time tasks were ready and waited for a CPU, summed over them.",
      labels: ["cpu"], divisor: 1_000_000_000),
    Metric.counter(
      "node_schedstat_timeslices_total", "How often a task was given a CPU.", labels: ["cpu"]),
  ]

  private let file: KernelFile
  private var statistics = SchedulerStatistics()
  /// By the CPU's number, which the parser bounds.
  private var series: [FixedSeries] = []

  init(root: ProcRoot) {
    file = KernelFile(SchedulerStatistics.path, of: root)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try statistics.parse(try file.read(into: &buffer))
    for cpu in statistics.cpus {
      while series.count <= cpu.number { series.append(FixedSeries(Self.metrics, ["\(series.count)"])) }
      guard let first = series[cpu.number].first(in: &table) else { continue }
      table.set(first, cpu.running)
      table.set(first + 1, cpu.waiting)
      table.set(first + 2, cpu.timeslices)
    }
  }

  mutating func forgetSeries() {
    for number in series.indices { series[number].forget() }
  }
}
