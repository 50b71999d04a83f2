import ProcFS
import Wire

/// `/proc/diskstats`: `node_disk_*` of each block device, and what udev knows about it.
struct DiskStatsSource: Source {
  let name = "diskstats"

  private static let series = [
    SeriesDescriptor("node_disk_reads_completed_total", kind: .counter),
    SeriesDescriptor("node_disk_reads_merged_total", kind: .counter),
    SeriesDescriptor("node_disk_read_bytes_total", kind: .counter, unit: "bytes", multiplier: 512),
    SeriesDescriptor("node_disk_read_time_seconds_total", kind: .counter, unit: "seconds", divisor: 1000),
    SeriesDescriptor("node_disk_writes_completed_total", kind: .counter),
    SeriesDescriptor("node_disk_writes_merged_total", kind: .counter),
    SeriesDescriptor("node_disk_written_bytes_total", kind: .counter, unit: "bytes", multiplier: 512),
    SeriesDescriptor("node_disk_write_time_seconds_total", kind: .counter, unit: "seconds", divisor: 1000),
    SeriesDescriptor("node_disk_io_now", kind: .gauge),
    SeriesDescriptor("node_disk_io_time_seconds_total", kind: .counter, unit: "seconds", divisor: 1000),
    SeriesDescriptor(
      "node_disk_io_time_weighted_seconds_total", kind: .counter, unit: "seconds", divisor: 1000),
    SeriesDescriptor("node_disk_discards_completed_total", kind: .counter),
    SeriesDescriptor("node_disk_discards_merged_total", kind: .counter),
    SeriesDescriptor("node_disk_discarded_sectors_total", kind: .counter),
    SeriesDescriptor("node_disk_discard_time_seconds_total", kind: .counter, unit: "seconds", divisor: 1000),
    SeriesDescriptor("node_disk_flush_requests_total", kind: .counter),
    SeriesDescriptor(
      "node_disk_flush_requests_time_seconds_total", kind: .counter, unit: "seconds", divisor: 1000),
  ]

  private let root: ProcRoot
  private let file: KernelFile
  private var stats = DiskStats()
  private var rows = SeriesRows()
  /// Constant series of the devices, by the number of their row.
  private var infos: [DiskInfoSeries?] = []
  private var filter: NameFilter

  init(root: ProcRoot, devices filter: NameFilter) {
    self.root = root
    file = KernelFile(DiskStats.path, of: root)
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
        for column in 0..<min(row.width, device.count) { table.set(first + column, device.values[column]) }
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
      filter.keeps(key)
      ? table.register(Array(Self.series[..<device.count]), labels: [Label("device", name)]) : nil
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
