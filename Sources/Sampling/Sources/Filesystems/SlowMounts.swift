import ProcFS

/// Which mounts may take for ever to answer.
public enum SlowMounts {
  /// Types whose `statvfs` is answered from the kernel's memory, and whose directories can be walked without
  /// waiting for another machine or a user's process.
  private static let promptTypes: Set<String> = [
    "bcachefs", "binfmt_misc", "bpf", "btrfs", "cgroup", "cgroup2", "configfs", "cramfs", "debugfs",
    "devpts", "devtmpfs", "efivarfs", "erofs", "exfat", "ext2", "ext3", "ext4", "f2fs", "fusectl",
    "hugetlbfs", "iso9660", "jffs2", "jfs", "mqueue", "msdos", "nilfs2", "nsfs", "ntfs3", "overlay", "proc",
    "pstore", "ramfs", "reiserfs", "rootfs", "rpc_pipefs", "securityfs", "selinuxfs", "squashfs", "sysfs",
    "tmpfs", "tracefs", "ubifs", "udf", "vfat", "xfs", "zfs",
  ]

  /// True if a file system of this type may take for ever.
  public static func includes(type: String) -> Bool {
    !promptTypes.contains(type)
  }

  /// True if the way to `point` leads through the mount point `slow`, or ends there.
  public static func isOnTheWay(_ slow: UnsafeRawBufferPointer, to point: UnsafeRawBufferPointer) -> Bool {
    guard point.starts(with: slow) else { return false }
    return point.count == slow.count || slow.last == UInt8(ascii: "/")
      || point[slow.count] == UInt8(ascii: "/")
  }
}
