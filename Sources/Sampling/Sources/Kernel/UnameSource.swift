import ProcFS
import Wire

/// `uname(2)`: `node_uname_info`, always 1. A host that is renamed gets a new series.
struct UnameSource: Source {
  private static let labels: [(SystemName.Part, label: String)] = [
    (.system, "sysname"), (.release, "release"), (.version, "version"), (.machine, "machine"),
    (.node, "nodename"), (.domain, "domainname"),
  ]

  static let metrics = [
    Metric.gauge(
      "node_uname_info", "What the system calls itself; always 1.", labels: labels.map(\.label))
  ]

  private let refresh: @Sendable (inout SystemName) -> Bool
  private var systemName = SystemName()
  private var series: FixedSeries?

  init(refresh: @escaping @Sendable (inout SystemName) -> Bool) {
    self.refresh = refresh
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    if refresh(&systemName) || series == nil {
      series = FixedSeries(Self.metrics, Self.labels.map { systemName[$0.0] })
    }
    if let id = series?.first(in: &table) { table.set(id, 1) }
  }

  mutating func forgetSeries() {
    series?.forget()
  }
}
