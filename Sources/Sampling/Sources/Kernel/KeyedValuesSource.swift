import ProcFS
import Wire

/// A file of names and numbers, each line a series: `/proc/meminfo` and `/proc/vmstat`, and those of memory nodes.
struct KeyedValuesSource: Source {
  private let file: KernelFile
  private var values: KeyedValues
  /// The series of a line; nil if it has none.
  private let describe: (_ name: String, _ isKibibytes: Bool) -> SeriesDescriptor?
  private var series: NamedSeries

  init(
    path: String, root: ProcRoot, shape: KernelFile.Shape, isKept: Bool = true, linePrefix: String = "",
    filter: NameFilter? = nil, choose: ((FilterSettings) -> NameFilter)? = nil,
    describe: @escaping (_ name: String, _ isKibibytes: Bool) -> SeriesDescriptor?
  ) {
    file = KernelFile(path, of: root, shape: shape, isKept: isKept)
    values = KeyedValues(path: path, prefix: linePrefix)
    series = NamedSeries(filter: filter, choose: choose)
    self.describe = describe
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try values.parse(try file.read(into: &buffer))
    if series.begin(values.layout) { arrange(in: &table) }
    for (place, id) in series.shown { table.set(id, values.entries[place].value) }
  }

  mutating func forgetSeries() {
    series.forget()
  }

  mutating func refilter(_ filters: FilterSettings) {
    series.refilter(filters)
  }

  /// Finds the series of each line.
  private mutating func arrange(in table: inout SampleTable) {
    for (place, entry) in values.entries.enumerated() {
      let name = values.name(of: entry)
      guard series.keeps(name), let described = describe(name, entry.isKibibytes) else { continue }
      series.add(described, at: place, in: &table)
    }
  }
}

extension KeyedValuesSource {
  private static let memoryBytes = Metric.gauge(
    "node_memory_<field>_bytes", "A field of `/proc/meminfo` in kB; `Active(anon)` is `Active_anon`.",
    multiplier: 1024)
  private static let memoryCount = Metric.gauge(
    "node_memory_<field>", "A field of `/proc/meminfo` that has no unit: huge pages.")

  static let memoryMetrics = [memoryBytes, memoryCount]

  /// `/proc/meminfo`: `node_memory_*`, in bytes where the kernel says kB. `Active(anon)` becomes `Active_anon`.
  static func memoryInfo(root: ProcRoot) -> KeyedValuesSource {
    KeyedValuesSource(path: KeyedValues.memoryInfoPath, root: root, shape: .record) { name, isKibibytes in
      let field = name.replacingParentheses()
      return isKibibytes
        ? memoryBytes.series(named: "node_memory_\(field)_bytes")
        : memoryCount.series(named: "node_memory_\(field)")
    }
  }

  private static let vmstatField = Metric.untyped(
    "node_vmstat_<field>", "A field of `/proc/vmstat`. The kernel mixes counters and levels there.")

  static let vmstatMetrics = [vmstatField]

  /// `/proc/vmstat`: `node_vmstat_*` of the fields that are kept. The kernel mixes counters and levels here
  /// and does not say which is which, so that they are untyped.
  static func vmstat(root: ProcRoot, fields: NameFilter) -> KeyedValuesSource {
    KeyedValuesSource(
      path: KeyedValues.vmstatPath, root: root, shape: .sequence, filter: fields,
      choose: { $0.vmstatFields }, describe: { name, _ in vmstatField.series(named: "node_vmstat_\(name)") })
  }
}

extension String {
  /// `Active(anon)` as `Active_anon`.
  func replacingParentheses() -> String {
    var result = ""
    for character in self where character != ")" { result.append(character == "(" ? "_" : character) }
    return result
  }
}
