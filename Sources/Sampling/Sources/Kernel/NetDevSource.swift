import ProcFS
import Wire

/// `/proc/net/dev`: `node_network_*_total` of each interface.
///
/// node_exporter asks netlink by default and so has one series more, `node_network_receive_nohandler_total`,
/// which the file does not show; with `--no-collector.netdev.netlink` it reads the file, too.
struct NetDevSource: Source {
  /// One for each ``NetDev/Column``, in their order.
  static let metrics = [
    column("receive_bytes", "Bytes received."),
    column("receive_packets", "Packets received."),
    column("receive_errs", "Packets received with errors."),
    column("receive_drop", "Packets received and dropped, for want of memory, say."),
    column("receive_fifo", "Receive FIFO overruns."),
    column("receive_frame", "Packets received with framing errors."),
    column("receive_compressed", "Compressed packets received."),
    column("receive_multicast", "Multicast packets received."),
    column("transmit_bytes", "Bytes sent."),
    column("transmit_packets", "Packets sent."),
    column("transmit_errs", "Packets that could not be sent."),
    column("transmit_drop", "Packets dropped instead of sent."),
    column("transmit_fifo", "Transmit FIFO overruns."),
    column("transmit_colls", "Collisions."),
    column("transmit_carrier", "Packets lost to a missing carrier."),
    column("transmit_compressed", "Compressed packets sent."),
  ]

  private static func column(_ name: String, _ help: String) -> Metric {
    .counter("node_network_\(name)_total", help, labels: ["device"])
  }

  private let file: KernelFile
  private var netDev = NetDev()
  private var rows = SeriesRows()
  private var filter: NameFilter
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
      first = table.register(Self.metrics, String(decoding: key, as: UTF8.self))
    }
    return rows.add(key, first: first, width: Self.metrics.count, at: position)
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
