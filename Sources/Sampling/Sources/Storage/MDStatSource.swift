import ProcFS
import Wire

/// `/proc/mdstat`: `node_md_*` of each array of software RAID.
///
/// node_exporter 1.5 takes an inactive array to need no disks, and knows no reshaping and no broken array;
/// here the one is absent, and the others are states.
struct MDStatSource: Source {
  /// Numbers of an array, in the order of `values(of:)`.
  private static let sizes = [
    Metric.gauge("node_md_blocks", "Size of the array in KiB.", labels: ["device"]),
    Metric.gauge(
      "node_md_blocks_synced",
      "How far a resync, recovery, check or reshape is, in KiB, of `node_md_blocks_to_sync`; the array's size if none "
        + "goes on.", labels: ["device"]),
    Metric.gauge(
      "node_md_blocks_to_sync", "How far what goes on will go, in KiB: of a recovery, a disk's size.",
      labels: ["device"]),
    Metric.gauge("node_md_disks_required", "Disks the array has when all is well.", labels: ["device"]),
  ]
  private static let disks = Metric.gauge(
    "node_md_disks", "Disks that are active, failed or spare.", labels: ["device", "state"])
  private static let state = Metric.gauge(
    "node_md_state", "1 for what the array does, 0 for what it does not.", labels: ["device", "state"])

  static let metrics = sizes + [disks, state]

  /// The ids of an array's series, -1 for those that the table refused.
  private struct Series {
    let sizes: Int
    let disks: [Int]
    let states: [Int]
  }

  private let file: KernelFile
  private var stat = MDStat()
  private var rows = SeriesRows()
  /// By the number of a row.
  private var series: [Series] = []

  init(root: ProcRoot) {
    file = KernelFile(MDStat.path, of: root)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let text = try file.read(into: &buffer)
    try stat.parse(text)
    var position = 0
    for array in stat.arrays {
      let key = array.name.bytes(in: text)
      if let row = rows.find(key, at: position) ?? add(key, at: position, to: &table) {
        show(array, series[row.number], in: &table)
      }
      position += 1
    }
  }

  mutating func forgetSeries() {
    rows.removeAll()
    series.removeAll()
  }

  private func show(_ array: MDStat.Array, _ series: Series, in table: inout SampleTable) {
    if series.sizes >= 0 {
      table.set(series.sizes, ifKnown: array.blocks)
      table.set(series.sizes + 1, ifKnown: array.synced)
      table.set(series.sizes + 2, ifKnown: array.toSync)
      table.set(series.sizes + 3, ifKnown: array.requiredDisks)
    }
    if series.disks[0] >= 0 { table.set(series.disks[0], ifKnown: array.activeDisks) }
    if series.disks[1] >= 0 { table.set(series.disks[1], array.failedDisks) }
    if series.disks[2] >= 0 { table.set(series.disks[2], array.spareDisks) }
    for state in MDStat.State.allCases where series.states[state.rawValue] >= 0 {
      table.set(series.states[state.rawValue], array.state == state ? 1 : 0)
    }
  }

  private mutating func add(
    _ key: UnsafeRawBufferPointer, at position: Int, to table: inout SampleTable
  ) -> SeriesRows.Row? {
    guard let row = rows.add(key, first: nil, width: 0, at: position) else { return nil }
    let name = String(decoding: key, as: UTF8.self)
    var disks: [Int] = []
    for state in ["active", "failed", "spare"] {
      disks.append(table.register(Self.disks.series(name, state)) ?? -1)
    }
    var states: [Int] = []
    for state in MDStat.State.allCases {
      states.append(table.register(Self.state.series(name, "\(state)")) ?? -1)
    }
    series.append(
      Series(sizes: table.register(Self.sizes, name) ?? -1, disks: disks, states: states))
    return row
  }
}
