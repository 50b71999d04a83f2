import ProcFS
import Wire

/// `/proc/net/arp`: `node_arp_entries` of each interface that has neighbours.
struct ARPSource: Source {
  static let metrics = [
    Metric.gauge(
      "node_arp_entries", "Neighbours of an interface that are known by IPv4, also those that do not answer.",
      labels: ["device"])
  ]

  private let file: KernelFile
  private var neighbours = ARPTable()
  private var rows = SeriesRows()

  init(root: ProcRoot) {
    file = KernelFile(ARPTable.path, of: root)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let text = try file.read(into: &buffer)
    try neighbours.parse(text)
    var position = 0
    for device in neighbours.devices {
      let key = device.name.bytes(in: text)
      let row = rows.find(key, at: position) ?? add(key, at: position, to: &table)
      if let id = row?.first { table.set(id, device.entries) }
      position += 1
    }
  }

  private mutating func add(
    _ key: UnsafeRawBufferPointer, at position: Int, to table: inout SampleTable
  ) -> SeriesRows.Row? {
    let first = table.register(Self.metrics, String(decoding: key, as: UTF8.self))
    return rows.add(key, first: first, width: Self.metrics.count, at: position)
  }

  mutating func forgetSeries() {
    rows.removeAll()
  }
}
