internal import CProtobufC
internal import GRPC

/// The first event of a control stream: who attaches, and what it runs on.
public struct Hello: Hashable, Sendable {
  /// As in `StreamOpening`.
  public var hostID: String
  /// The kernel's boot id.
  public var bootID: String
  /// One per start of the collector, growing.
  public var epoch: UInt64
  /// What the host calls itself.
  public var instance: String
  /// The operator's own labels for this host.
  public var labels: [Label]
  /// uname: sysname.
  public var operatingSystem: String
  /// uname: release.
  public var kernelRelease: String
  /// uname: machine.
  public var architecture: String
  /// The collector's `MusterVersion.current`.
  public var collectorVersion: String
  /// How often the collector samples.
  public var intervalMilliseconds: UInt32
  /// The collector's clock: microseconds since 1970.
  public var wallTimeMicroseconds: Int64

  /// A hello of these parts.
  public init(
    hostID: String, bootID: String, epoch: UInt64, instance: String, labels: [Label] = [],
    operatingSystem: String = "", kernelRelease: String = "", architecture: String = "",
    collectorVersion: String = MusterVersion.current, intervalMilliseconds: UInt32,
    wallTimeMicroseconds: Int64
  ) {
    self.hostID = hostID
    self.bootID = bootID
    self.epoch = epoch
    self.instance = instance
    self.labels = labels
    self.operatingSystem = operatingSystem
    self.kernelRelease = kernelRelease
    self.architecture = architecture
    self.collectorVersion = collectorVersion
    self.intervalMilliseconds = intervalMilliseconds
    self.wallTimeMicroseconds = wallTimeMicroseconds
  }
}

extension Hello: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Hello>) { muster__v1__hello__init(packed) }

  init(_ packed: Muster__V1__Hello) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      bootID: try text(packed.boot_id, "boot_id", MessageLimits.identifierBytes),
      epoch: packed.epoch,
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      labels: try list(packed.labels, packed.n_labels, "labels of a host", MessageLimits.labels),
      operatingSystem: try text(
        packed.operating_system, "operating_system", MessageLimits.descriptionBytes),
      kernelRelease: try text(packed.kernel_release, "kernel_release", MessageLimits.descriptionBytes),
      architecture: try text(packed.architecture, "architecture", MessageLimits.descriptionBytes),
      collectorVersion: try text(
        packed.collector_version, "collector_version", MessageLimits.descriptionBytes),
      intervalMilliseconds: packed.interval_ms, wallTimeMicroseconds: packed.wall_time_us)
  }

  func fill(_ packed: inout Muster__V1__Hello, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.boot_id = arena.text(bootID)
    packed.epoch = epoch
    packed.instance = arena.text(instance)
    (packed.n_labels, packed.labels) = arena.list(labels)
    packed.operating_system = arena.text(operatingSystem)
    packed.kernel_release = arena.text(kernelRelease)
    packed.architecture = arena.text(architecture)
    packed.collector_version = arena.text(collectorVersion)
    packed.interval_ms = intervalMilliseconds
    packed.wall_time_us = wallTimeMicroseconds
  }
}
