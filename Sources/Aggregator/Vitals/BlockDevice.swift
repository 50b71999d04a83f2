import Selection

/// Which block devices add up to the disk traffic of a host, each byte once.
///
/// Counted are whole devices that lead out of the kernel. Not counted are
/// - partitions, whose bytes their disk counts already (`sda1`, `nvme0n1p2`, `mmcblk0p1`),
/// - devices stacked on others, whose bytes these count (`dm-*`, `md*`, `bcache*`, `drbd*`, `zd*`, `loop*`),
/// - memory posing as a disk, and drives for removable media (`ram*`, `zram*`, `sr*`, `fd*`).
///
/// The kernel's names are all there is to go by: a frame does not carry sysfs.
enum BlockDevice {
  private static let stacked = ["dm-", "md", "bcache", "drbd", "zd", "loop", "ram", "zram", "sr", "fd"]
  /// Disks named by letters, so that a digit at the end is a partition.
  private static let lettered = ["sd", "vd", "xvd", "hd"]

  static func isWholeDisk(_ name: String) -> Bool {
    guard !name.isEmpty, !stacked.contains(where: name.hasNumbered) else { return false }
    if lettered.contains(where: { name.hasPrefix($0) }) { return name.utf8.last?.isDigit == false }
    return !isNumberedPartition(name)
  }

  /// Disks named by numbers mark their partitions with a `p`: `nvme0n1p2`, `mmcblk0p1`, `nbd0p1`.
  private static func isNumberedPartition(_ name: String) -> Bool {
    let head = name.utf8.reversed().drop(while: \.isDigit)
    guard head.count < name.utf8.count, head.first == UInt8(ascii: "p") else { return false }
    return head.dropFirst().first?.isDigit ?? false
  }
}

extension String {
  /// Whether the name is `prefix` followed by a number, and perhaps more: `md0`, `md127p1`, but not `mdx`.
  fileprivate func hasNumbered(_ prefix: String) -> Bool {
    guard hasPrefix(prefix), let next = utf8.dropFirst(prefix.utf8.count).first else { return false }
    return next.isDigit
  }
}
