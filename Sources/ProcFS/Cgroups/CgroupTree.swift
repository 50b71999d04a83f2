internal import Glibc

/// The hierarchy of cgroup v2: where it is mounted, and what lies in it. See the kernel's
/// Documentation/admin-guide/cgroup-v2.rst.
public struct CgroupTree: Sendable {
  /// Where it is mounted: alone, or beside the hierarchies of version 1. Relative to a ``ProcRoot``.
  public static let mountPoints = ["sys/fs/cgroup", "sys/fs/cgroup/unified"]
  /// Folders looked at in one listing; those beyond are counted.
  public static let maximumFolders = 4096
  /// Levels below the root.
  public static let maximumDepth = 12
  /// Slices, and groups of nobody known, are listed down to this level.
  public static let shownLevels = 2

  /// A cgroup that is worth a look of its own.
  public struct Group: Hashable, Sendable {
    /// The folder's absolute path.
    public let path: String
    /// What it is.
    public let identity: CgroupIdentity
    /// The place in the listing of the innermost one around it.
    public let parent: Int?
  }

  /// The absolute path of the hierarchy's root.
  public let path: String
  /// What the folders of the last listing are: names are taken apart once.
  private var identities: [String: CgroupIdentity] = [:]

  /// The hierarchy of a host.
  public init(root: ProcRoot) throws(KernelError) {
    let found = Self.mountPoints.first { Self.exists(root.path(of: $0) + "/cgroup.controllers") }
    guard let found else {
      let first = root.path(of: Self.mountPoints[0])
      let hasVersion1 = ["memory", "cpu", "cpu,cpuacct", "pids", "systemd"].contains {
        Self.exists(first + "/" + $0)
      }
      let remark = hasVersion1 ? " (there are only hierarchies of cgroup version 1)" : ""
      throw .unsupported(path: first + "/cgroup.controllers" + remark, errno: ENOENT)
    }
    path = root.path(of: found)
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// All units, containers, pods and machines, and slices down to ``shownLevels``, each behind what it lies in. What lies
  /// inside containers and machines is theirs. `passedOver` counts the folders that were not looked at.
  public mutating func list() -> (groups: [Group], passedOver: Int) {
    var groups: [Group] = []
    var passedOver = 0
    var identities: [String: CgroupIdentity] = [:]
    var folders = [(path: "", level: 0, group: Int?.none)]
    var next = 0
    while next < folders.count {
      let folder = folders[next]
      next += 1
      for name in childNames(of: folder.path) {
        guard folders.count < Self.maximumFolders, folder.level < Self.maximumDepth else {
          passedOver += 1
          continue
        }
        let path = folder.path.isEmpty ? name : folder.path + "/" + name
        let identity = self.identities[path] ?? CgroupIdentity(path: path)
        identities[path] = identity
        var group = folder.group
        if Self.isShown(identity.kind, level: folder.level + 1) {
          group = groups.count
          groups.append(Group(path: self.path + "/" + path, identity: identity, parent: folder.group))
        }
        if !identity.kind.isClosed { folders.append((path, folder.level + 1, group)) }
      }
    }
    self.identities = identities
    return (groups, passedOver)
  }

  private static func isShown(_ kind: CgroupIdentity.Kind, level: Int) -> Bool {
    switch kind {
    case .service, .scope, .container, .pod, .machine: true
    case .slice, .group: level <= shownLevels
    case .passive: false
    }
  }

  /// The folders in one, in order; none if it is gone by now.
  private func childNames(of folder: String) -> [String] {
    let path = self.path + "/" + folder
    // Two links are the folder itself and its own `.`: it has no folders in it, and its dozens of files need not be read.
    var status = stat()
    guard lstat(path, &status) == 0, status.st_nlink != 2, let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      guard entry.pointee.d_type == UInt8(DT_DIR), entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) else {
        continue
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names.sorted()
  }
}
