import ProcFS
import Wire

/// Connection tracking: `node_nf_conntrack_*`.
///
/// A kernel may be built without `/proc/net/stat/nf_conntrack`; then there are entries and limit only.
struct ConntrackSource: Source {
  private static let levels = [
    Metric.gauge("node_nf_conntrack_entries", "Connections tracked."),
    Metric.gauge("node_nf_conntrack_entries_limit", "Connections that may be tracked."),
  ]

  /// One for each ``ConntrackStatistics/Column``, in their order. They only grow, but node_exporter calls them
  /// gauges.
  private static let statistics = [
    Metric.gauge("node_nf_conntrack_stat_found", "Look-ups that found an entry."),
    Metric.gauge("node_nf_conntrack_stat_invalid", "Packets that cannot be tracked."),
    Metric.gauge("node_nf_conntrack_stat_ignore", "Packets that are not to be tracked."),
    Metric.gauge("node_nf_conntrack_stat_insert", "Entries inserted; newer kernels do not count them."),
    Metric.gauge(
      "node_nf_conntrack_stat_insert_failed", "Entries that could not be inserted, being there already, say."),
    Metric.gauge("node_nf_conntrack_stat_drop", "Packets dropped for want of an entry."),
    Metric.gauge("node_nf_conntrack_stat_early_drop", "Entries dropped to make room for new ones."),
    Metric.gauge(
      "node_nf_conntrack_stat_search_restart", "Look-ups begun anew because the table was being resized."),
  ]

  static let metrics = levels + statistics

  private let countFile: KernelFile
  private let limitFile: KernelFile
  private let statisticsFile: KernelFile
  private var statistics = ConntrackStatistics()
  private var levelSeries = FixedSeries(levels)
  private var statisticsSeries: [FixedSeries] = Self.statistics.map { FixedSeries([$0]) }

  init(root: ProcRoot) {
    countFile = KernelFile(ConntrackStatistics.countPath, of: root, shape: .record)
    limitFile = KernelFile(ConntrackStatistics.limitPath, of: root, shape: .record)
    statisticsFile = KernelFile(ConntrackStatistics.path, of: root)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let count = try number(in: countFile, reading: &buffer)
    let limit = try number(in: limitFile, reading: &buffer)
    let hasStatistics = try readStatistics(&buffer)
    if let first = levelSeries.first(in: &table) {
      table.set(first, count)
      table.set(first + 1, limit)
    }
    guard hasStatistics else { return }
    for column in statisticsSeries.indices {
      guard let sum = statistics.sums[column] else { continue }
      if let id = statisticsSeries[column].first(in: &table) { table.set(id, sum) }
    }
  }

  /// False if this kernel has none.
  private mutating func readStatistics(_ buffer: inout ReadBuffer) throws(KernelError) -> Bool {
    do {
      try statistics.parse(try statisticsFile.read(into: &buffer))
      return true
    } catch .unsupported {
      return false
    }
  }

  private func number(in file: KernelFile, reading buffer: inout ReadBuffer) throws(KernelError) -> Int64 {
    guard let value = AttributeText.integer(try file.read(into: &buffer)) else {
      throw .malformed(file: file.path, line: 1, reason: "a number is expected")
    }
    return value
  }

  mutating func forgetSeries() {
    levelSeries.forget()
    for column in statisticsSeries.indices { statisticsSeries[column].forget() }
  }
}
