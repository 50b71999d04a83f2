internal import CProtobufC
internal import GRPC

/// How full the file systems of a host are.
public struct DiskUsageList: Hashable, Sendable {
  /// The mounts, as sampled ones are chosen.
  public var mounts: [MountUsage]

  /// A list of mounts.
  public init(mounts: [MountUsage] = []) {
    self.mounts = mounts
  }
}

/// How full one mount is.
public struct MountUsage: Hashable, Sendable {
  /// Where it is mounted.
  public var mountPoint: String
  /// What is mounted there.
  public var device: String
  /// Type of the file system.
  public var type: String
  /// Size of the file system.
  public var sizeBytes: UInt64
  /// Bytes that are taken.
  public var usedBytes: UInt64
  /// Bytes that are left to unprivileged users.
  public var availableBytes: UInt64
  /// Inodes there are; 0: the file system does not count them.
  public var inodes: UInt64
  /// Inodes that are taken.
  public var inodesUsed: UInt64
  /// Why there are no figures: "stuck for 12 s", "permission denied"; empty: there are.
  public var problem: String
  /// Whether it is mounted read-only.
  public var readOnly: Bool

  /// A mount of these figures.
  public init(
    mountPoint: String = "", device: String = "", type: String = "", sizeBytes: UInt64 = 0,
    usedBytes: UInt64 = 0, availableBytes: UInt64 = 0, inodes: UInt64 = 0, inodesUsed: UInt64 = 0,
    problem: String = "", readOnly: Bool = false
  ) {
    self.mountPoint = mountPoint
    self.device = device
    self.type = type
    self.sizeBytes = sizeBytes
    self.usedBytes = usedBytes
    self.availableBytes = availableBytes
    self.inodes = inodes
    self.inodesUsed = inodesUsed
    self.problem = problem
    self.readOnly = readOnly
  }
}

extension DiskUsageList: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__DiskUsageList>) {
    muster__v1__disk_usage_list__init(packed)
  }

  init(_ packed: Muster__V1__DiskUsageList) throws(Status) {
    self.init(mounts: try list(packed.mounts, packed.n_mounts, "mounts", MessageLimits.mounts))
  }

  func fill(_ packed: inout Muster__V1__DiskUsageList, _ arena: Arena) {
    (packed.n_mounts, packed.mounts) = arena.list(mounts)
  }
}

extension MountUsage: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__MountUsage>) {
    muster__v1__mount_usage__init(packed)
  }

  init(_ packed: Muster__V1__MountUsage) throws(Status) {
    self.init(
      mountPoint: try text(packed.mount_point, "mount_point", MessageLimits.pathBytes),
      device: try text(packed.device, "device", MessageLimits.pathBytes),
      type: try text(packed.type, "type", MessageLimits.nameBytes), sizeBytes: packed.size_bytes,
      usedBytes: packed.used_bytes, availableBytes: packed.available_bytes, inodes: packed.inodes,
      inodesUsed: packed.inodes_used, problem: try text(packed.problem, "problem", MessageLimits.reasonBytes),
      readOnly: packed.read_only != 0)
  }

  func fill(_ packed: inout Muster__V1__MountUsage, _ arena: Arena) {
    packed.mount_point = arena.text(mountPoint, cutTo: MessageLimits.pathBytes)
    packed.device = arena.text(device, cutTo: MessageLimits.pathBytes)
    packed.type = arena.text(type, cutTo: MessageLimits.nameBytes)
    packed.size_bytes = sizeBytes
    packed.used_bytes = usedBytes
    packed.available_bytes = availableBytes
    packed.inodes = inodes
    packed.inodes_used = inodesUsed
    packed.problem = arena.text(problem, cutTo: MessageLimits.reasonBytes)
    packed.read_only = readOnly ? 1 : 0
  }
}
