public import ProcFS

/// The host's mounts: the first process's, or, where those are hidden, this process's own as far as they are the
/// host's.
///
/// A unit's view has more in it: systemd mounts folders once more, read-only, for `ProtectSystem=`, `ExecPaths=` and
/// the like, and covers `/home` (systemd.exec(5)). So of its own view only the first mount of each file system counts,
/// and only what is read-only as a whole is so on the host.
public struct HostMounts {
  /// What was read last.
  public private(set) var info = MountInfo()
  /// Which of `info.mounts` are the host's.
  public private(set) var positions: [Int] = []

  private let file: KernelFile
  private let ownFile: KernelFile
  private var isOwnView = false

  /// The mounts of the host whose files are at `root`.
  public init(root: ProcRoot) {
    file = KernelFile(MountInfo.path, of: root)
    ownFile = KernelFile(MountInfo.ownPath, of: root)
  }

  /// Reads them anew. After an error there are none.
  public mutating func read(into buffer: inout ReadBuffer) throws(KernelError) {
    positions.removeAll(keepingCapacity: true)
    do {
      try info.parse(try file.read(into: &buffer))
      isOwnView = false
      positions.append(contentsOf: info.mounts.indices)
    } catch {
      try info.parse(try ownFile.read(into: &buffer))
      isOwnView = true
      keepHostsOwn()
    }
  }

  /// Whether the host has it mounted read-only.
  public func isReadOnly(_ mount: MountInfo.Mount) -> Bool {
    isOwnView ? mount.isFilesystemReadOnly : mount.isReadOnly
  }

  private mutating func keepHostsOwn() {
    var devices: Set<Int64> = []
    info.names.withUnsafeBytes { names in
      for (position, mount) in info.mounts.enumerated() where !Self.isCover(mount, names) {
        if mount.device.map({ devices.insert($0).inserted }) ?? true { positions.append(position) }
      }
    }
  }

  /// What `ProtectHome=tmpfs` mounts.
  private static func isCover(_ mount: MountInfo.Mount, _ names: UnsafeRawBufferPointer) -> Bool {
    mount.type.string(in: names) == "tmpfs"
      && ["/home", "/root", "/run/user"].contains(mount.point.string(in: names))
  }
}
