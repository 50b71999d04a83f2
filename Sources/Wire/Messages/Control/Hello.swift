internal import CProtobufC
internal import GRPC

/// The first event of a control stream: who attaches, and what it runs on. Said once more when `reportAll`
/// asks for it.
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
  /// What the collector understands: names of commands, and `ConfigSchema.capability`.
  public var capabilities: [String]
  /// Commands that the host's own administrator forbids, by name.
  public var forbiddenCommands: [String]
  /// The last thing to say about configuration, and what is running.
  public var configStatus: ConfigStatus
  /// Binds the id to a machine: SHA-256 of host id and machine id. Empty: the machine has none.
  public var machineSHA256: [UInt8]
  /// The id this host had before it was given a new one as a clone; empty: none.
  public var rekeyedFrom: String

  /// A hello of these parts.
  public init(
    hostID: String, bootID: String, epoch: UInt64, instance: String, labels: [Label] = [],
    operatingSystem: String = "", kernelRelease: String = "", architecture: String = "",
    collectorVersion: String = MusterVersion.current, intervalMilliseconds: UInt32,
    wallTimeMicroseconds: Int64, capabilities: [String] = [], forbiddenCommands: [String] = [],
    configStatus: ConfigStatus = ConfigStatus(), machineSHA256: [UInt8] = [], rekeyedFrom: String = ""
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
    self.capabilities = capabilities
    self.forbiddenCommands = forbiddenCommands
    self.configStatus = configStatus
    self.machineSHA256 = machineSHA256
    self.rekeyedFrom = rekeyedFrom
  }
}

extension Hello: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Hello>) {
    muster__v1__hello__init(packed)
  }

  init(_ packed: Muster__V1__Hello) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      bootID: try text(packed.boot_id, "boot_id", MessageLimits.identifierBytes), epoch: packed.epoch,
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes),
      labels: try list(packed.labels, packed.n_labels, "labels of a host", MessageLimits.labels),
      operatingSystem: try text(packed.operating_system, "operating_system", MessageLimits.descriptionBytes),
      kernelRelease: try text(packed.kernel_release, "kernel_release", MessageLimits.descriptionBytes),
      architecture: try text(packed.architecture, "architecture", MessageLimits.descriptionBytes),
      collectorVersion: try text(
        packed.collector_version, "collector_version", MessageLimits.descriptionBytes),
      intervalMilliseconds: packed.interval_ms, wallTimeMicroseconds: packed.wall_time_us,
      capabilities: try texts(
        packed.capabilities, packed.n_capabilities, "capabilities", MessageLimits.capabilities,
        MessageLimits.nameBytes),
      forbiddenCommands: try texts(
        packed.forbidden_commands, packed.n_forbidden_commands, "forbidden_commands",
        MessageLimits.capabilities, MessageLimits.nameBytes),
      configStatus: try optional(packed.config_status) ?? ConfigStatus(),
      machineSHA256: try digest(packed.machine_sha256, "machine_sha256"),
      rekeyedFrom: try text(packed.rekeyed_from, "rekeyed_from", MessageLimits.identifierBytes))
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
    (packed.n_capabilities, packed.capabilities) = arena.texts(capabilities)
    (packed.n_forbidden_commands, packed.forbidden_commands) = arena.texts(forbiddenCommands)
    packed.config_status = arena.message(configStatus, unless: ConfigStatus())
    packed.machine_sha256 = arena.bytes(machineSHA256)
    packed.rekeyed_from = arena.text(rekeyedFrom)
  }
}
