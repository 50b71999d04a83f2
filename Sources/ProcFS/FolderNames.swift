internal import Glibc

/// What is in a folder of /proc or /sys.
public enum FolderNames {
  /// Names beyond these are passed over: no folder of devices has as many.
  public static let maximumNames = 16_384

  /// The names in a folder, relative to `root`, in order, without those that start with a dot.
  public static func list(_ folder: String, of root: ProcRoot) throws(KernelError) -> [String] {
    let path = root.path(of: folder)
    guard let directory = opendir(path) else { throw KernelError(path: path, errno: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < maximumNames, let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
