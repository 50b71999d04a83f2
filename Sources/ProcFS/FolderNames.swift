internal import Glibc

/// What is in a folder of /proc or /sys.
public enum FolderNames {
  /// Names beyond these are passed over: no folder of devices has as many.
  public static let maximumNames = 16_384

  /// One name.
  public struct Entry: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The number of what has the name. In /sys, what comes back under its name has another one.
    public let inode: UInt64

    /// A name, and what has it.
    public init(name: String, inode: UInt64) {
      self.name = name
      self.inode = inode
    }
  }

  /// The names in a folder, relative to `root`, in order, without those that start with a dot.
  public static func list(_ folder: String, of root: ProcRoot) throws(KernelError) -> [String] {
    try entries(folder, of: root).map(\.name)
  }

  /// The same, and what has each name.
  public static func entries(_ folder: String, of root: ProcRoot) throws(KernelError) -> [Entry] {
    let path = root.path(of: folder)
    guard let directory = opendir(path) else { throw KernelError(path: path, errno: errno) }
    defer { closedir(directory) }
    var entries: [Entry] = []
    while entries.count < maximumNames, let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { entries.append(Entry(name: name, inode: UInt64(entry.pointee.d_ino))) }
    }
    return entries.sorted { $0.name < $1.name }
  }
}
