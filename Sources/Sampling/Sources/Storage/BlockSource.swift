import ProcFS
import Wire

/// `/sys/block`: what a disk is, and how its queue is set up.
///
/// The filter `disk_devices` chooses the devices, as for `/proc/diskstats`.
struct BlockSource: Source {
  private static func gauge(_ name: String, _ help: String, _ labels: [String] = []) -> Metric {
    .gauge("node_disk_\(name)", help, labels: ["device"] + labels)
  }

  private static let hardware = gauge(
    "hardware_info", "What a disk says of itself; always 1.",
    ["vendor", "model", "revision", "firmware_revision", "serial"])
  private static let size: Metric = .gauge(
    "node_disk_size_bytes", "Size of a disk.", labels: ["device"], multiplier: 512)
  private static let online = gauge(
    "online", "Whether the kernel has a working connection to the disk (SCSI, SATA, NVMe): 1 or 0.")
  private static let writeCache = gauge("write_cache_enabled", "Whether writes must be flushed to be safe.")
  private static let scheduler = gauge(
    "scheduler_info", "The I/O scheduler in use; always 1.", ["scheduler"])

  private static let numbers: [(file: String, Metric)] = [
    ("size", size), ("ro", gauge("readonly", "Whether a disk can only be read.")),
    ("removable", gauge("removable", "Whether its medium can be taken out.")),
    ("queue/rotational", gauge("rotational", "Whether it turns.")),
    ("queue/nr_requests", gauge("queue_requests_max", "Requests that its queue takes.")),
    (
      "queue/logical_block_size",
      gauge("logical_block_size_bytes", "The smallest unit it can be asked for.")
    ),
    ("queue/physical_block_size", gauge("physical_block_size_bytes", "The smallest unit it writes at once.")),
    (
      "queue/discard_max_bytes",
      gauge("discard_max_bytes", "How much is discarded at once at most; 0: it cannot discard.")
    ),
    (
      "device/ioerr_cnt",
      .counter("node_disk_scsi_errors_total", "Commands that failed (SCSI, SATA).", labels: ["device"])
    ),
    (
      "device/iotmo_cnt",
      .counter(
        "node_disk_scsi_timeouts_total", "Commands that took too long (SCSI, SATA).", labels: ["device"])
    ),
  ]

  static let metrics = [hardware] + numbers.map(\.1) + [online, writeCache, scheduler]

  private let root: ProcRoot
  private var filter: NameFilter
  private var disks: DeviceFolderSource
  private var schedulers: BlockSchedulers

  init(root: ProcRoot, devices filter: NameFilter) {
    self.root = root
    self.filter = filter
    disks = Self.disks(root, filter)
    schedulers = BlockSchedulers(root: root, metric: Self.scheduler)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try disks.sample(into: &table, reading: &buffer, at: now)
    try schedulers.show(of: filter, in: &table, reading: &buffer)
  }

  mutating func forgetSeries() {
    disks.forgetSeries()
    schedulers.forget()
  }

  mutating func refilter(_ filters: FilterSettings) {
    guard filters.diskDevices != filter else { return }
    filter = filters.diskDevices
    disks = Self.disks(root, filter)
    schedulers.forget()
  }

  private static func disks(_ root: ProcRoot, _ filter: NameFilter) -> DeviceFolderSource {
    DeviceFolderSource(
      root: root, folder: "sys/block", isDevice: { filter.keeps($0) },
      attributes: numbers.map { .number($0, $1) } + [
        // Only what has a model: no partition, array or loop device.
        .word(
          "device/model", hardware,
          [
            .name, .file("device/vendor"), .file("device/model"), .file("device/rev"),
            .file("device/firmware_rev"),
            .file("device/serial"),
          ]
        ) { _ in 1 },
        .word("device/state", online) { ["running", "live"].contains($0) ? 1 : 0 },
        .word("queue/write_cache", writeCache) { $0 == "write back" ? 1 : 0 },
      ])
  }
}
