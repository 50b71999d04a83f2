import ProcFS
import Wire

/// A file of names and numbers, each line a series: `/proc/meminfo` and `/proc/vmstat`.
struct KeyedValuesSource: Source {
  let name: String

  private let file: KernelFile
  private var values: KeyedValues
  /// The series of a line; nil if it has none.
  private let describe: (_ name: String, _ isKibibytes: Bool) -> SeriesDescriptor?

  /// Which lines have series, of the layout that `layout` names.
  private var shown: [(entry: Int, id: Int)] = []
  private var layout = 0
  /// Ids by the metric's name; nil if the table refused it.
  private var ids: [String: Int?] = [:]

  init(
    name: String, path: String, root: ProcRoot, shape: KernelFile.Shape,
    describe: @escaping (_ name: String, _ isKibibytes: Bool) -> SeriesDescriptor?
  ) {
    self.name = name
    file = KernelFile(path, of: root, shape: shape)
    values = KeyedValues(path: path)
    self.describe = describe
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try values.parse(try file.read(into: &buffer))
    if layout != values.layout { arrange(in: &table) }
    for (entry, id) in shown { table.set(id, values.entries[entry].value) }
  }

  mutating func forgetSeries() {
    ids.removeAll()
    layout = 0
  }

  /// Finds the series of each line.
  private mutating func arrange(in table: inout SampleTable) {
    layout = values.layout
    shown.removeAll()
    for (index, entry) in values.entries.enumerated() {
      guard let series = describe(values.name(of: entry), entry.isKibibytes) else { continue }
      if ids[series.name] == nil { ids.updateValue(table.register(series), forKey: series.name) }
      if let id = ids[series.name] ?? nil { shown.append((index, id)) }
    }
  }
}

extension KeyedValuesSource {
  /// `/proc/meminfo`: `node_memory_*`, in bytes where the kernel says kB. `Active(anon)` becomes `Active_anon`.
  static func memoryInfo(root: ProcRoot) -> KeyedValuesSource {
    KeyedValuesSource(name: "meminfo", path: KeyedValues.memoryInfoPath, root: root, shape: .record) {
      name, isKibibytes in
      let field = name.replacingParentheses()
      return isKibibytes
        ? SeriesDescriptor("node_memory_\(field)_bytes", kind: .gauge, unit: "bytes", multiplier: 1024)
        : SeriesDescriptor("node_memory_\(field)", kind: .gauge)
    }
  }

  /// `/proc/vmstat`: `node_vmstat_*` of the fields that are kept. The kernel mixes counters and levels here
  /// and does not say which is which, so that they are untyped.
  static func vmstat(root: ProcRoot, fields: NameFilter) -> KeyedValuesSource {
    KeyedValuesSource(name: "vmstat", path: KeyedValues.vmstatPath, root: root, shape: .sequence) { name, _ in
      fields.keeps(name) ? SeriesDescriptor("node_vmstat_\(name)", kind: .untyped) : nil
    }
  }
}

extension String {
  /// `Active(anon)` as `Active_anon`.
  fileprivate func replacingParentheses() -> String {
    var result = ""
    for character in self where character != ")" { result.append(character == "(" ? "_" : character) }
    return result
  }
}
