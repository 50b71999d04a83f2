import ProcFS
import Wire

/// `/sys/fs/btrfs`: `node_btrfs_*` of each file system that is mounted.
///
/// Errors of devices are by the number that btrfs gives a device: which one that is, /sys does not say.
/// (node_exporter asks with an ioctl, and labels them with the device.)
enum BtrfsSource {
  private static func gauge(
    _ name: String, _ help: String, _ labels: [String] = [], multiplier: UInt32 = 1, divisor: UInt32 = 1
  ) -> Metric {
    .gauge("node_btrfs_\(name)", help, labels: ["uuid"] + labels, multiplier: multiplier, divisor: divisor)
  }

  private static func counter(
    _ name: String, _ help: String, _ labels: [String] = [], divisor: UInt32 = 1
  ) -> Metric {
    .counter("node_btrfs_\(name)_total", help, labels: ["uuid"] + labels, divisor: divisor)
  }

  private static let info = gauge("info", "The label of the file system; always 1.", ["label"])
  private static let reserve = gauge("global_rsv_size_bytes", "Size of the global reserve.")
  private static let commits = counter("commits", "Transactions committed.")
  private static let lastCommit = gauge(
    "last_commit_seconds", "How long the last commit took.", divisor: 1000)
  private static let longestCommit = gauge(
    "max_commit_seconds", "How long the slowest commit took.", divisor: 1000)
  private static let commitTime = counter(
    "commit_seconds", "Time commits took, summed over them.", divisor: 1000)
  private static let deviceSize = gauge(
    "device_size_bytes", "Size of a device of the file system.", ["device"], multiplier: 512)
  private static let deviceErrors = counter(
    "device_errors", "Errors of a device: write, read, flush, corruption or generation.", ["devid", "type"])
  private static let deviceMissing = gauge(
    "device_missing", "Whether a device of the file system is not there.", ["devid"])
  private static let reserved = gauge(
    "reserved_bytes", "Space reserved for data, metadata or system.", ["block_group_type"])

  static let metrics =
    [
      info, reserve, commits, lastCommit, longestCommit, commitTime, deviceSize, deviceErrors, deviceMissing,
      reserved,
    ] + BtrfsLayouts.metrics

  static func make(root: ProcRoot) -> NestedDevicesSource {
    // Beside the file systems lies `features`; only the former are named by UUIDs.
    NestedDevicesSource(root: root, folder: "sys/fs/btrfs", isDevice: { $0.contains("-") }) { root, uuid in
      let folder = "sys/fs/btrfs/\(uuid)"
      let types = ["data", "metadata", "system"]
      let parts: [any Source] = [
        whole(root, uuid),
        DeviceFolderSource(root: root, folder: "\(folder)/devices", attributes: devices(uuid)),
        DeviceFolderSource(root: root, folder: "\(folder)/devinfo", attributes: deviceNumbers(uuid)),
        DeviceFolderSource(
          root: root, folder: "\(folder)/allocation", isDevice: { types.contains($0) },
          attributes: [.number("bytes_reserved", reserved, [.fixed(uuid), .name])]),
      ]
      return parts + types.map { BtrfsLayouts(root: root, uuid: uuid, type: $0) }
    }
  }

  private static func whole(_ root: ProcRoot, _ uuid: String) -> DeviceFolderSource {
    DeviceFolderSource(
      root: root, folder: "sys/fs/btrfs", isDevice: { $0 == uuid },
      attributes: [
        .info(info, [.name, .file("label")]), .number("allocation/global_rsv_size", reserve),
        .line("commits", of: "commit_stats", commits, [.name]),
        .line("last_commit_ms", of: "commit_stats", lastCommit, [.name]),
        .line("max_commit_ms", of: "commit_stats", longestCommit, [.name]),
        .line("total_commit_ms", of: "commit_stats", commitTime, [.name]),
      ])
  }

  private static func devices(_ uuid: String) -> [DeviceFolderSource.Attribute] {
    [.number("size", deviceSize, [.fixed(uuid), .name])]
  }

  private static func deviceNumbers(_ uuid: String) -> [DeviceFolderSource.Attribute] {
    let errors: [(StaticString, String)] = [
      ("write_errs", "write"), ("read_errs", "read"), ("flush_errs", "flush"),
      ("corruption_errs", "corruption"), ("generation_errs", "generation"),
    ]
    return errors.map { line, type in
      .line(line, of: "error_stats", deviceErrors, [.fixed(uuid), .name, .fixed(type)])
    } + [.number("missing", deviceMissing, [.fixed(uuid), .name])]
  }
}
