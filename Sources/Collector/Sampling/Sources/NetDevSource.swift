import ProcFS
import Wire

/// `/proc/net/dev`: `node_network_*_total` of each interface.
///
/// node_exporter asks netlink by default and so has one series more, `node_network_receive_nohandler_total`,
/// which the file does not show; with `--no-collector.netdev.netlink` it reads the file, too.
struct NetDevSource: Source {
  let name = "netdev"

  private static let columns: [(NetDev.Column, name: String, unit: String)] = [
    (.receivedBytes, "receive_bytes", "bytes"),
    (.receivedPackets, "receive_packets", ""),
    (.receiveErrors, "receive_errs", ""),
    (.receiveDrops, "receive_drop", ""),
    (.receiveFifo, "receive_fifo", ""),
    (.receiveFrame, "receive_frame", ""),
    (.receivedCompressed, "receive_compressed", ""),
    (.receivedMulticast, "receive_multicast", ""),
    (.sentBytes, "transmit_bytes", "bytes"),
    (.sentPackets, "transmit_packets", ""),
    (.sendErrors, "transmit_errs", ""),
    (.sendDrops, "transmit_drop", ""),
    (.sendFifo, "transmit_fifo", ""),
    (.sendCollisions, "transmit_colls", ""),
    (.sendCarrier, "transmit_carrier", ""),
    (.sentCompressed, "transmit_compressed", ""),
  ]

  private let file: KernelFile
  private var netDev = NetDev()
  private var rows = SeriesRows()
  private var filter: NameFilter
  private let series = Self.columns.map {
    SeriesDescriptor("node_network_\($0.name)_total", kind: .counter, unit: $0.unit)
  }

  init(root: ProcRoot, interfaces filter: NameFilter) {
    file = KernelFile(NetDev.path, of: root)
    self.filter = filter
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let text = try file.read(into: &buffer)
    try netDev.parse(text)
    var position = 0
    for interface in netDev.interfaces {
      let key = interface.name.bytes(in: text)
      let row = rows.find(key, at: position) ?? add(key, at: position, to: &table)
      if let row, let first = row.first {
        for column in 0..<row.width { table.set(first + column, interface.values[column]) }
      }
      position += 1
    }
  }

  private mutating func add(
    _ key: UnsafeRawBufferPointer, at position: Int, to table: inout SampleTable
  ) -> SeriesRows.Row? {
    var first: Int?
    if filter.keeps(key) {
      first = table.register(series, labels: [Label("device", String(decoding: key, as: UTF8.self))])
    }
    return rows.add(key, first: first, width: series.count, at: position)
  }

  mutating func forgetSeries() {
    rows.removeAll()
  }

  mutating func refilter(_ filters: FilterSettings) {
    guard filters.networkInterfaces != filter else { return }
    filter = filters.networkInterfaces
    forgetSeries()
  }
}
