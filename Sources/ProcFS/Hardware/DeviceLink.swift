internal import Glibc

/// Where a symbolic link of /sys leads: the links of a class lead to the devices in `/sys/devices`.
public enum DeviceLink {
  /// The path without any links in it of a file below `root`, `realpath(3)`; nil if there is no such file.
  public static func target(of name: String, below root: ProcRoot) -> String? {
    guard let path = realpath(root.path(of: name), nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
