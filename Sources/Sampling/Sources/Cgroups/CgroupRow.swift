import ProcFS
import Wire

/// The series of one cgroup, or of several together.
struct CgroupRow {
  /// The values of the labels.
  let labels: [String]
  /// Whether it sums several cgroups. Its counters then are what they have counted while it was watched, and stay when
  /// they end.
  let isShared: Bool
  /// Whether no cgroup was of it when the table was compacted last.
  var wasUnused = false
  private var info: FixedSeries?
  private var totals = CgroupValues()
  /// Ids by column, once there was a value.
  private var ids = [Int32](repeating: unregistered, count: CgroupColumns.count)

  private static let unregistered: Int32 = -1
  private static let refused: Int32 = -2

  static let info = Metric.gauge(
    "node_cgroup_info", "What a cgroup is and lies in; always 1.",
    labels: CgroupColumns.labels + ["pod", "slice"])

  /// - Parameter identity: of the one cgroup; nil: it is a row of several.
  init(labels: [String], of identity: CgroupIdentity?) {
    self.labels = labels
    isShared = identity == nil
    info = identity.map { FixedSeries([Self.info], labels + [$0.pod ?? "", $0.slice ?? ""]) }
  }

  /// Shows the values of the one cgroup.
  mutating func show(_ values: CgroupValues, in table: inout SampleTable) {
    if let id = info?.first(in: &table) { table.set(id, 1) }
    for column in 0..<CgroupColumns.count {
      guard let value = values[column], let id = id(of: column, in: &table) else { continue }
      table.set(id, value)
    }
  }

  /// Shows the sums.
  mutating func showTotals(in table: inout SampleTable) { show(totals, in: &table) }

  /// Adds what a cgroup counted between two readings, or since it began.
  mutating func count(_ values: CgroupValues, since earlier: CgroupValues?) {
    for column in 0..<CgroupColumns.summable where CgroupColumns.isCounter[column] {
      guard let value = values[column] else { continue }
      var before: Int64 = 0
      if let earlier {
        guard let known = earlier[column] else { continue }
        before = known
      }
      let (more, _) = value.subtractingReportingOverflow(before)
      let (sum, overflow) = (totals[column] ?? 0).addingReportingOverflow(max(more, 0))
      totals[column] = overflow ? .max : sum
    }
  }

  /// Starts adding up levels.
  mutating func clearLevels() {
    for column in 0..<CgroupColumns.summable where !CgroupColumns.isCounter[column] { totals[column] = nil }
  }

  /// Adds a cgroup's levels.
  mutating func addLevels(_ values: CgroupValues) {
    for column in 0..<CgroupColumns.summable where !CgroupColumns.isCounter[column] {
      guard let value = values[column] else { continue }
      let (sum, overflow) = (totals[column] ?? 0).addingReportingOverflow(value)
      totals[column] = overflow ? .max : sum
    }
  }

  /// Forgets the ids of its series.
  mutating func forgetSeries() {
    for column in ids.indices { ids[column] = Self.unregistered }
    info?.forget()
  }

  private mutating func id(of column: Int, in table: inout SampleTable) -> Int? {
    if ids[column] == Self.unregistered {
      let metric = CgroupColumns.metrics[column]
      let id = table.register(metric.series(named: metric.name, labels))
      ids[column] = id.map { Int32($0) } ?? Self.refused
    }
    return ids[column] < 0 ? nil : Int(ids[column])
  }
}
