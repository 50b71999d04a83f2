import ProcFS
import Wire

/// `/sys/fs/bcache`: `node_bcache_*` of each set of caches.
///
/// bcache writes sizes for people, `20.4G`, with three digits or so. node_exporter 1.5 reads the digit behind
/// the point as a 1024th of a hundred, as kernels before 4.14 wrote it, and takes the microseconds of a
/// B-tree read for nanoseconds; here they are what they are. `priority_stats` is not read: the kernel sorts
/// all buckets for it.
enum BcacheSource {
  private static func gauge(
    _ name: String, _ help: String, _ labels: [String] = [], divisor: UInt32 = 1
  ) -> Metric {
    .gauge("node_bcache_\(name)", help, labels: ["uuid"] + labels, divisor: divisor)
  }

  private static func counter(_ name: String, _ help: String, _ labels: [String] = []) -> Metric {
    .counter("node_bcache_\(name)_total", help, labels: ["uuid"] + labels)
  }

  /// Files of a set.
  private static let set: [(file: String, Metric)] = [
    ("average_key_size", gauge("average_key_size_sectors", "Data per key of the B-tree.")),
    ("btree_cache_size", gauge("btree_cache_size_bytes", "Memory the cache of the B-tree takes.")),
    (
      "cache_available_percent",
      gauge("cache_available_percent", "Share of the cache without dirty data, in percent.")
    ),
    ("congested", gauge("congested", "How congested the cache is.")),
    ("root_usage_percent", gauge("root_usage_percent", "Share of the B-tree's root in use, in percent.")),
    ("tree_depth", gauge("tree_depth", "Depth of the B-tree.")),
    (
      "internal/active_journal_entries",
      gauge("active_journal_entries", "Journal entries that are newer than the index.")
    ),
    ("internal/btree_nodes", gauge("btree_nodes", "Nodes of the B-tree.")),
    (
      "internal/btree_read_average_duration_us",
      gauge("btree_read_average_duration_seconds", "How long a read of the B-tree takes.", divisor: 1_000_000)
    ),
    (
      "internal/cache_read_races",
      counter("cache_read_races", "Reads whose bucket was used anew while they went on.")
    ),
  ]

  /// Files of a device that is cached.
  private static let backing: [(file: String, Metric)] =
    [("dirty_data", gauge("dirty_data_bytes", "Dirty data of a device in the cache.", ["backing_device"]))]
    + [
      ("bypassed", "bypassed_bytes", "Bytes that went past the cache."),
      ("cache_hits", "cache_hits", "Requests the cache had."),
      ("cache_misses", "cache_misses", "Requests the cache did not have."),
      ("cache_bypass_hits", "cache_bypass_hits", "Requests meant to go past the cache, which had them."),
      (
        "cache_bypass_misses", "cache_bypass_misses",
        "Requests meant to go past the cache, which did not have them."
      ),
      ("cache_miss_collisions", "cache_miss_collisions", "Misses that a write was faster than."),
      ("cache_readaheads", "cache_readaheads", "Reads ahead."),
    ].map { ("stats_total/\($0)", counter($1, $2, ["backing_device"])) }

  /// Lines of a cached device's `writeback_rate_debug`.
  private static let writeback: [(line: StaticString, Metric)] = [
    ("target:", gauge("dirty_target_bytes", "Dirty data that is aimed at.", ["backing_device"])),
    ("rate:", gauge("writeback_rate", "Bytes a second that are written back.", ["backing_device"])),
    (
      "proportional:",
      gauge("writeback_rate_proportional_term", "The controller's proportional term.", ["backing_device"])
    ),
    (
      "integral:",
      gauge("writeback_rate_integral_term", "The controller's integral term.", ["backing_device"])
    ),
    ("change:", gauge("writeback_change", "How the rate changed last.", ["backing_device"])),
  ]

  /// Files of a device that caches.
  private static let cache: [(file: String, Metric)] = [
    ("io_errors", gauge("io_errors", "Errors, decayed by `io_error_halflife`.", ["cache_device"])),
    (
      "metadata_written", counter("metadata_written_bytes", "Bytes of metadata written.", ["cache_device"])
    ),
    ("written", counter("written_bytes", "Bytes of data written.", ["cache_device"])),
  ]

  static let metrics = (set + backing + cache).map(\.1) + writeback.map(\.1)

  static func make(root: ProcRoot) -> NestedDevicesSource {
    NestedDevicesSource(root: root, folder: "sys/fs/bcache", isDevice: { $0.contains("-") }) { root, uuid in
      let folder = "sys/fs/bcache/\(uuid)"
      return [
        DeviceFolderSource(
          root: root, folder: "sys/fs/bcache", isDevice: { $0 == uuid },
          attributes: set.map { number($0, $1, [.name]) }),
        DeviceFolderSource(
          root: root, folder: folder, isDevice: { $0.hasPrefix("bdev") },
          attributes: backing.map { number($0, $1, [.fixed(uuid), .name]) }
            + writeback.map { line($0, $1, [.fixed(uuid), .name]) }),
        DeviceFolderSource(
          root: root, folder: folder, isDevice: { $0.hasPrefix("cache") },
          attributes: cache.map { number($0, $1, [.fixed(uuid), .name]) }),
      ]
    }
  }

  private static func number(
    _ file: String, _ metric: Metric, _ labels: [DeviceFolderSource.LabelValue]
  ) -> DeviceFolderSource.Attribute {
    .init(file: file, metric: metric, labels: labels, value: { BcacheText.integer($0) })
  }

  private static func line(
    _ name: StaticString, _ metric: Metric, _ labels: [DeviceFolderSource.LabelValue]
  ) -> DeviceFolderSource.Attribute {
    .init(
      file: "writeback_rate_debug", metric: metric, labels: labels,
      value: { text in KeyedLine.value(of: name, in: text).flatMap { BcacheText.integer($0) } })
  }
}
