import ProcFS
import Wire

/// A pool of ZFS: its state, its datasets, and, of old versions, its I/O.
struct ZFSPool {
  /// Datasets of a pool beyond these are passed over: each has 6 series, 20 since OpenZFS 2.2, and a table
  /// has bounds.
  static let maximumDatasets = 256

  private static let state = Metric.gauge(
    "node_zfs_zpool_state", "1 for the state the pool is in, 0 for the others.", labels: ["zpool", "state"])
  private static let io = Metric.untyped(
    "node_zfs_zpool_<field>", "A column of `io`: of a whole pool, before OpenZFS 2.", labels: ["zpool"])
  private static let dataset = Metric.untyped(
    "node_zfs_zpool_dataset_<field>", "A value of `objset-*`: of one dataset, file system or volume.",
    labels: ["zpool", "dataset"])

  static let metrics = [state, io, dataset]

  private static let states = [
    "online", "degraded", "faulted", "offline", "removed", "unavail", "suspended",
  ]

  private struct Dataset {
    let file: KernelFile
    /// What the series are labelled with; it changes when the dataset is renamed.
    private(set) var name = ""
    var series: ZFSSeries?

    init(_ file: KernelFile) { self.file = file }

    mutating func rename(_ fresh: String, _ metric: Metric, of pool: String) {
      guard fresh != name || series == nil else { return }
      name = fresh
      series = ZFSSeries(metric, [pool, fresh])
    }
  }

  let name: String
  private let folder: String
  private let root: ProcRoot
  private let stateFile: KernelFile
  private let ioFile: KernelFile
  private var stateIds: [Int?] = []
  private var ioSeries: ZFSSeries
  private var datasets: [String: Dataset] = [:]

  init(_ name: String, in parent: String, root: ProcRoot) {
    self.name = name
    self.root = root
    folder = "\(parent)/\(name)"
    stateFile = KernelFile("\(folder)/state", of: root, isKept: false)
    ioFile = KernelFile("\(folder)/io", of: root, isKept: false)
    ioSeries = ZFSSeries(Self.io, [name])
  }

  /// Reads everything there is of the pool. `stat` is scratch space.
  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, _ stat: inout KStat
  ) throws(KernelError) {
    // The folder first: what is no folder is no pool.
    let names = try FolderNames.list(folder, of: root).filter { $0.hasPrefix("objset-") }
    if let text = try stateFile.readIfThere(into: &buffer) {
      showState(AttributeText.string(text).lowercased(), in: &table)
    }
    if let text = try ioFile.readIfThere(into: &buffer) { try showIO(text, in: &table) }
    if names.count != datasets.count || !names.allSatisfy({ datasets[$0] != nil }) { note(names) }
    for key in names.prefix(Self.maximumDatasets) {
      guard var dataset = datasets[key], let text = try dataset.file.readIfThere(into: &buffer) else {
        continue
      }
      try stat.parse(text, file: dataset.file.path)
      show(&dataset, stat, text, in: &table)
      datasets[key] = dataset
    }
  }

  private mutating func note(_ names: [String]) {
    let known = datasets
    datasets.removeAll()
    for name in names.prefix(Self.maximumDatasets) {
      datasets[name] = known[name] ?? Dataset(KernelFile("\(folder)/\(name)", of: root, isKept: false))
    }
  }

  private mutating func showState(_ current: String, in table: inout SampleTable) {
    if stateIds.isEmpty {
      for state in Self.states { stateIds.append(table.register(Self.state.series(name, state))) }
    }
    for (state, id) in zip(Self.states, stateIds) {
      if let id { table.set(id, state == current ? 1 : 0) }
    }
  }

  private mutating func showIO(
    _ text: UnsafeRawBufferPointer, in table: inout SampleTable
  ) throws(KernelError) {
    var io = PoolIO()
    try io.parse(text, file: ioFile.path)
    for (position, column) in io.columns.enumerated() {
      ioSeries.show(column.name.bytes(in: text), column.value, at: position, in: &table)
    }
  }

  private func show(
    _ dataset: inout Dataset, _ stat: KStat, _ text: UnsafeRawBufferPointer, in table: inout SampleTable
  ) {
    for (position, entry) in stat.entries.enumerated() {
      let field = entry.name.bytes(in: text)
      if let value = entry.value {
        dataset.series?.show(field, value, at: position, in: &table)
      } else if field.elementsEqual("dataset_name".utf8) {
        dataset.rename(entry.text.string(in: text), Self.dataset, of: name)
      }
    }
  }
}

extension KernelFile {
  /// The text; nil if the kernel has no such file, or has it no more.
  func readIfThere(into buffer: inout ReadBuffer) throws(KernelError) -> UnsafeRawBufferPointer? {
    do {
      return try read(into: &buffer)
    } catch {
      if case .unsupported = error { return nil }
      throw error
    }
  }
}
