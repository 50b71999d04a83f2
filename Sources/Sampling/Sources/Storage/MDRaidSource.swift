import ProcFS
import Wire

/// `/sys/block/md*/md`: what `/proc/mdstat` does not say of an array and of its disks.
enum MDRaidSource {
  private static func gauge(_ name: String, _ help: String) -> Metric {
    .gauge("node_md_\(name)", help, labels: ["device"])
  }

  private static let array: [(file: String, Metric)] = [
    ("raid_disks", gauge("raid_disks", "Disks of a whole array, also of one that is not started.")),
    ("degraded", gauge("degraded", "Disks the array lacks.")),
    (
      "mismatch_cnt",
      gauge(
        "mismatched_sectors",
        "Sectors that were not the same on all disks, as of the last check or repair; counted coarsely.")
    ),
  ]
  private static let errors = Metric.counter(
    "node_md_disk_read_errors_total", "Errors in reading a disk of an array that were corrected.",
    labels: ["device", "disk"])
  private static let inSync = Metric.gauge(
    "node_md_disk_in_sync", "Whether a disk is a full part of its array.", labels: ["device", "disk"])

  static let metrics = array.map(\.1) + [errors, inSync]

  static func make(root: ProcRoot) -> NestedDevicesSource {
    NestedDevicesSource(root: root, folder: "sys/block", isDevice: { $0.hasPrefix("md") }) { root, array in
      [
        DeviceFolderSource(
          root: root, folder: "sys/block/\(array)", isDevice: { $0 == "md" },
          attributes: Self.array.map { file, metric in
            .number(file, metric, [.fixed(array)])
          }),
        DeviceFolderSource(
          root: root, folder: "sys/block/\(array)/md", isDevice: { $0.hasPrefix("dev-") },
          attributes: [
            .number("errors", errors, [.fixed(array), diskName]),
            .word("state", inSync, [.fixed(array), diskName]) { state in
              state.split(separator: ",").contains("in_sync") ? 1 : 0
            },
          ]),
      ]
    }
  }

  private static let diskName = DeviceFolderSource.LabelValue.made { String($0.dropFirst("dev-".count)) }
}
