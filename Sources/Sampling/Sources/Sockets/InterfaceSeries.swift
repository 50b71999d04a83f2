import ProcFS
import Wire

/// The series of interfaces that are shown each.
struct InterfaceSeries {
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
    column("receive_nohandler", "Packets received that no protocol on the host takes."),
  ]

  private static func column(_ name: String, _ help: String) -> Metric {
    .counter("node_network_\(name)_total", help, labels: ["device"])
  }

  private let columns: [Metric]
  private var rows = SeriesRows()

  /// - Parameter columns: how many of the metrics there are.
  init(columns: Int) {
    self.columns = Array(Self.metrics.prefix(columns))
  }

  /// Shows an interface, which is the `position`-th of this pass, unless it is left out.
  @inline(__always)
  mutating func show(
    _ name: UnsafeRawBufferPointer, _ values: InterfaceValues, at position: Int, _ filter: NameFilter,
    in table: inout SampleTable
  ) {
    let row = rows.find(name, at: position) ?? add(name, at: position, filter, to: &table)
    guard let row, let first = row.first else { return }
    // A span: the compiler copies an inline array for each element that is read of it.
    let values = values.span
    for column in 0..<row.width { table.set(first + column, values[column]) }
  }

  mutating func forget() {
    rows.removeAll()
  }

  private mutating func add(
    _ name: UnsafeRawBufferPointer, at position: Int, _ filter: NameFilter, to table: inout SampleTable
  ) -> SeriesRows.Row? {
    var first: Int?
    if filter.keeps(name) { first = table.register(columns, String(decoding: name, as: UTF8.self)) }
    return rows.add(name, first: first, width: columns.count, at: position)
  }
}
