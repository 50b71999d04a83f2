import ProcFS
import Wire

/// `/proc/net/rpc/nfs` or `/proc/net/rpc/nfsd`: a series for each number that has a meaning.
///
/// What a kernel does not write (a version of NFS it was built without, an operation it does not know) is absent.
struct RPCSource: Source {
  /// The series of a line's numbers.
  struct Group {
    let label: StaticString
    /// By the place of the number in its line; nil if it is not shown.
    let series: [SeriesDescriptor?]
    /// As many as were looked at so far; nil: not shown, or refused.
    fileprivate var ids: [Int?] = []

    init(_ label: StaticString, _ series: [SeriesDescriptor?]) {
      self.label = label
      self.series = series
    }

    fileprivate mutating func show(_ values: ArraySlice<Int64>, in table: inout SampleTable) {
      while ids.count < min(values.count, series.count) {
        ids.append(series[ids.count].flatMap { table.register($0) })
      }
      for (id, value) in zip(ids, values) { table.set(id, to: value) }
    }
  }

  private let file: KernelFile
  private var statistics: RPCStatistics
  private var groups: [Group]

  init(path: String, root: ProcRoot, groups: [Group]) {
    file = KernelFile(path, of: root, shape: .record)
    statistics = RPCStatistics(path: path)
    self.groups = groups
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let text = try file.read(into: &buffer)
    try statistics.parse(text)
    for line in statistics.lines {
      let label = line.label.bytes(in: text)
      guard let group = groups.firstIndex(where: { $0.label.isEqual(to: label) }) else { continue }
      groups[group].show(statistics.values[line.values], in: &table)
    }
  }

  mutating func forgetSeries() {
    for group in groups.indices { groups[group].ids.removeAll() }
  }
}

extension SampleTable {
  /// Sets a series' raw value, if there is one.
  fileprivate mutating func set(_ id: Int?, to value: Int64) {
    if let id { set(id, value) }
  }
}

extension StaticString {
  fileprivate func isEqual(to bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.elementsEqual(UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount))
  }
}
