import ProcFS
import Wire

/// The series of one file of ZFS: one for each name in it that has a number.
struct ZFSSeries {
  private let metric: Metric
  private let labels: [String]
  private var rows = SeriesRows()

  /// `metric` ends in `<field>`, which a name of the file stands for.
  init(_ metric: Metric, _ labels: [String] = []) {
    self.metric = metric
    self.labels = labels
  }

  /// Sets the series of a name, which is the file's `position`-th.
  mutating func show(
    _ name: UnsafeRawBufferPointer, _ value: Int64, at position: Int, in table: inout SampleTable
  ) {
    let row = rows.find(name, at: position) ?? add(name, at: position, to: &table)
    if let id = row?.first { table.set(id, value) }
  }

  private mutating func add(
    _ name: UnsafeRawBufferPointer, at position: Int, to table: inout SampleTable
  ) -> SeriesRows.Row? {
    let field = String(decoding: name.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    let series = metric.series(named: String(metric.name.prefix { $0 != "<" }) + field, labels)
    return rows.add(name, first: table.register(series), width: 1, at: position)
  }
}
