import Glibc
import ProcFS
import Wire

/// `/sys/fs/xfs/<device>/stats/stats`: `node_xfs_*` of each file system.
///
/// Transactions, log, attributes and bytes are more than node_exporter 1.5 shows. A file that is malformed
/// makes the source fail; the other devices are shown all the same.
struct XFSSource: Source {
  private static let folder = "sys/fs/xfs"

  /// The lines that are shown, and a metric for each of their numbers.
  private static let groups: [(XFSStats.Group, [Metric])] = [
    (
      .extentAllocation,
      metrics(
        "extent_allocation", ["extents_allocated", "blocks_allocated", "extents_freed", "blocks_freed"],
        "Allocations of extents")
    ),
    (.allocationTree, tree("allocation_btree", "The B-tree of free space")),
    (
      .blockMap,
      metrics(
        "block_mapping",
        [
          "reads", "writes", "unmaps", "extent_list_insertions", "extent_list_deletions",
          "extent_list_lookups",
          "extent_list_compares",
        ], "Where the blocks of files are")
    ),
    (.blockMapTree, tree("block_map_btree", "The B-tree of where the blocks of files are")),
    (
      .directories, metrics("directory_operation", ["lookup", "create", "remove", "getdents"], "Directories")
    ),
    (.transactions, metrics("transaction", ["sync", "async", "empty"], "Transactions of metadata")),
    (
      .inodes,
      metrics(
        "inode_operation",
        ["attempts", "found", "recycled", "missed", "duplicates", "reclaims", "attribute_changes"],
        "Looking for inodes")
    ),
    (.log, metrics("log", ["writes", "blocks", "buffer_waits", "forces", "force_waits"], "The log")),
    (.calls, metrics("", ["write_calls", "read_calls"], "System calls to read and write files")),
    (.attributes, metrics("attribute_operation", ["get", "set", "remove", "list"], "Extended attributes")),
    (
      .vnodes,
      metrics(
        "vnode", ["active", "allocate", "get", "hold", "release", "reclaim", "remove"], "Inodes in memory")
    ),
    (.bytes, metrics("", ["flushed_bytes", "written_bytes", "read_bytes"], "Bytes of files")),
  ]

  private static func tree(_ name: String, _ help: String) -> [Metric] {
    metrics(name, ["lookups", "compares", "records_inserted", "records_deleted"], help)
  }

  private static func metrics(_ group: String, _ names: [String], _ help: String) -> [Metric] {
    names.map { name in
      .counter(
        "node_xfs_\(group)\(group.isEmpty ? "" : "_")\(name)_total",
        "\(help): \(String(name.map { $0 == "_" ? " " : $0 })).", labels: ["device"])
    }
  }

  static let metrics = groups.flatMap(\.1)

  private struct Device {
    let name: String
    let file: KernelFile
    /// The id of the first series of each group; -1: refused.
    var ids: [Int]?
  }

  private let root: ProcRoot
  private var devices: [Device] = []
  private var stats = XFSStats()

  init(root: ProcRoot) {
    self.root = root
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try list()
    var reading = PartialReading()
    for index in devices.indices {
      // Not offered: it was unmounted just now; or `debug`, which is no device either.
      reading.attempt { () throws(KernelError) in
        try stats.parse(try devices[index].file.read(into: &buffer), file: devices[index].file.path)
        show(&devices[index], in: &table)
        return true
      }
    }
    try reading.requireEach()
  }

  mutating func forgetSeries() {
    devices.removeAll()
  }

  private mutating func list() throws(KernelError) {
    // Beside the devices lies `stats`, of all of them together.
    let names = try FolderNames.list(Self.folder, of: root).filter { $0 != "stats" }
    if names.isEmpty { throw KernelError(path: root.path(of: "\(Self.folder)/*"), errno: ENOENT) }
    guard names != devices.map(\.name) else { return }
    devices = names.map { name in
      devices.first { $0.name == name }
        ?? Device(
          name: name,
          file: KernelFile("\(Self.folder)/\(name)/stats/stats", of: root, shape: .record, isKept: false))
    }
  }

  private func show(_ device: inout Device, in table: inout SampleTable) {
    if device.ids == nil {
      device.ids = []
      for (_, metrics) in Self.groups { device.ids?.append(table.register(metrics, device.name) ?? -1) }
    }
    for ((group, metrics), first) in zip(Self.groups, device.ids ?? []) where first >= 0 {
      for (column, value) in stats[group].prefix(metrics.count).enumerated() {
        table.set(first + column, value)
      }
    }
  }
}
