import ProcFS
import Wire

/// `/proc/diskstats`: `node_disk_*` of each block device, and what udev knows about it.
struct DiskStatsSource: Source {
  /// One for each ``DiskStats/Column``, in their order.
  static let columns = [
    column("reads_completed_total", "Reads completed."),
    column("reads_merged_total", "Reads merged with others in the queue."),
    column("read_bytes_total", "Bytes read.", multiplier: 512),
    column("read_time_seconds_total", "Time reads took, summed over them.", divisor: 1000),
    column("writes_completed_total", "Writes completed."),
    column("writes_merged_total", "Writes merged with others in the queue."),
    column("written_bytes_total", "Bytes written.", multiplier: 512),
    column("write_time_seconds_total", "Time writes took, summed over them.", divisor: 1000),
    Metric.gauge("node_disk_io_now", "Requests in flight.", labels: ["device"]),
    column("io_time_seconds_total", "Time with at least one request in flight.", divisor: 1000),
    column(
      "io_time_weighted_seconds_total",
      "Time in flight, summed over requests: its rate is the queue's length.",
      divisor: 1000),
    column("discards_completed_total", "Discards completed."),
    column("discards_merged_total", "Discards merged with others in the queue."),
    column("discarded_sectors_total", "Sectors of 512 bytes discarded."),
    column("discard_time_seconds_total", "Time discards took, summed over them.", divisor: 1000),
    column("flush_requests_total", "Flushes completed."),
    column("flush_requests_time_seconds_total", "Time flushes took, summed over them.", divisor: 1000),
  ]

  private static func column(
    _ name: String, _ help: String, multiplier: UInt32 = 1, divisor: UInt32 = 1
  ) -> Metric {
    .counter("node_disk_" + name, help, labels: ["device"], multiplier: multiplier, divisor: divisor)
  }

  static let metrics = columns + DiskInfoSeries.metrics

  private let root: ProcRoot
  private let file: KernelFile
  private var stats = DiskStats()
  private var rows = SeriesRows()
  /// Constant series of the devices, by the number of their row.
  private var infos: [DiskInfoSeries?] = []
  private var filter: NameFilter

  init(root: ProcRoot, devices filter: NameFilter) {
    self.root = root
    // A name has 31 bytes at most, a number 20.
    file = KernelFile(DiskStats.path, of: root, shape: .records(maximumBytes: 512))
    self.filter = filter
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let text = try file.read(into: &buffer)
    try stats.parse(text)
    var position = 0
    for device in stats.devices {
      let key = device.name.bytes(in: text)
      let row = rows.find(key, at: position) ?? add(device, key, at: position, to: &table)
      if let row, let first = row.first {
        let values = device.values.span
        for column in 0..<min(row.width, device.count) { table.set(first + column, values[column]) }
        infos[row.number]?.show(in: &table)
      }
      position += 1
    }
  }

  private mutating func add(
    _ device: DiskStats.Device, _ key: UnsafeRawBufferPointer, at position: Int,
    to table: inout SampleTable
  ) -> SeriesRows.Row? {
    let name = String(decoding: key, as: UTF8.self)
    let first =
      filter.keeps(key) ? table.register(Array(Self.columns[..<device.count]), name) : nil
    guard let row = rows.add(key, first: first, width: device.count, at: position) else { return nil }
    let info = first.map { _ in DiskInfoSeries(of: device, named: name, root: root, in: &table) }
    infos.append(info)
    return row
  }

  mutating func forgetSeries() {
    rows.removeAll()
    infos.removeAll()
  }

  mutating func refilter(_ filters: FilterSettings) {
    guard filters.diskDevices != filter else { return }
    filter = filters.diskDevices
    forgetSeries()
  }
}
