internal import CProtobufC
internal import GRPC

/// Whether a host is heard.
public enum HostState: Int, Sendable, CaseIterable {
  /// Nobody knows, or a newer peer has a state that is not known here.
  case unknown = 0
  /// Connected, frames arrive.
  case online = 1
  /// Connected, or lost a moment ago, but no frame for three of its intervals.
  case stale = 2
  /// Not connected.
  case offline = 3
  /// Said goodbye.
  case stopped = 4
  /// Retired by an operator.
  case retired = 5
  /// Expected by an operator, and never seen.
  case expected = 6
}

extension HostState: WireEnum {
  typealias Packed = Muster__V1__HostState
  static var unheard: HostState { .unknown }
}

/// A host of the fleet as the aggregator knows it: the message `Host`. (The name is its own because a
/// module with a type `Host` clashes with Foundation.)
public struct HostInfo: Hashable, Sendable {
  /// Identity, for ever.
  public var hostID = ""
  /// What the host calls itself.
  public var instance = ""
  /// The operator's labels, without `instance`.
  public var labels: [Label] = []
  /// The kernel's boot id.
  public var bootID = ""
  /// The collector's.
  public var epoch: UInt64 = 0
  /// uname: sysname.
  public var operatingSystem = ""
  /// uname: release.
  public var kernelRelease = ""
  /// uname: machine.
  public var architecture = ""
  /// The collector's.
  public var collectorVersion = ""
  /// Whether it is heard.
  public var state = HostState.unknown
  /// Microseconds since 1970 by the aggregator's clock; 0: not connected.
  public var connectedSinceMicroseconds: Int64 = 0
  /// When the last frame arrived, by the same clock; 0: never.
  public var lastFrameMicroseconds: Int64 = 0
  /// How long the last frame took from the host's clock to ours, corrected by the clock offset.
  public var lagMicroseconds: Int64 = 0
  /// The aggregator's clock minus the host's.
  public var clockOffsetMicroseconds: Int64 = 0
  /// How often the collector samples.
  public var intervalMilliseconds: UInt32 = 0
  /// Series held of this host.
  public var series: UInt64 = 0
  /// Frames received, each once.
  public var frames: UInt64 = 0
  /// Frames received again.
  public var duplicateFrames: UInt64 = 0
  /// Sequences that never came.
  public var missingFrames: UInt64 = 0
  /// Frames that wait in the collector.
  public var bufferedFrames: UInt64 = 0
  /// Frames the collector gave up.
  public var droppedFrames: UInt64 = 0
  /// The host at a glance; nil before the first frame.
  public var vitals: Vitals?
  /// Why it stopped, if it said so.
  public var goodbyeReason = ""
  /// The address the host is, or was last, connected from.
  public var address = ""
  /// Of the config its frames are stamped with; empty: none but the local file.
  public var configSHA256: [UInt8] = []
  /// The newest document of the config that is meant for it; 0: none.
  public var configVersion: UInt64 = 0
  /// How it stands with that config.
  public var configState = ConfigState.unknown
  /// Commands that the host's own administrator forbids.
  public var forbiddenCommands: [String] = []
  /// The host id this machine had in common with another one; empty: none.
  public var clonedFrom = ""
  /// Labels that config gives the host, besides its own.
  public var configLabels: [Label] = []
  /// What its collector leaves out to keep its budget, for people; empty: nothing.
  public var shedding = ""

  /// A host of which nothing is known yet.
  public init(hostID: String = "", instance: String = "") {
    self.hostID = hostID
    self.instance = instance
  }
}

extension HostInfo: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Host>) { muster__v1__host__init(packed) }

  init(_ packed: Muster__V1__Host) throws(Status) {
    hostID = try text(packed.host_id, "host_id", MessageLimits.identifierBytes)
    instance = try text(packed.instance, "instance", MessageLimits.instanceBytes)
    labels = try list(packed.labels, packed.n_labels, "labels of a host", MessageLimits.labels)
    bootID = try text(packed.boot_id, "boot_id", MessageLimits.identifierBytes)
    epoch = packed.epoch
    operatingSystem = try text(packed.operating_system, "operating_system", MessageLimits.descriptionBytes)
    kernelRelease = try text(packed.kernel_release, "kernel_release", MessageLimits.descriptionBytes)
    architecture = try text(packed.architecture, "architecture", MessageLimits.descriptionBytes)
    collectorVersion = try text(
      packed.collector_version, "collector_version", MessageLimits.descriptionBytes)
    state = HostState(packed.state)
    connectedSinceMicroseconds = packed.connected_since_us
    lastFrameMicroseconds = packed.last_frame_us
    lagMicroseconds = packed.lag_us
    clockOffsetMicroseconds = packed.clock_offset_us
    intervalMilliseconds = packed.interval_ms
    series = packed.series
    frames = packed.frames
    duplicateFrames = packed.duplicate_frames
    missingFrames = packed.missing_frames
    bufferedFrames = packed.buffered_frames
    droppedFrames = packed.dropped_frames
    if let packed = packed.vitals { vitals = try Vitals(packed.pointee) }
    goodbyeReason = try text(packed.goodbye_reason, "goodbye_reason", MessageLimits.reasonBytes)
    address = try text(packed.address, "address", MessageLimits.descriptionBytes)
    configSHA256 = try digest(packed.config_sha256, "config_sha256")
    configVersion = packed.config_version
    configState = ConfigState(packed.config_state)
    forbiddenCommands = try texts(
      packed.forbidden_commands, packed.n_forbidden_commands, "forbidden_commands",
      MessageLimits.capabilities, MessageLimits.nameBytes)
    clonedFrom = try text(packed.cloned_from, "cloned_from", MessageLimits.identifierBytes)
    configLabels = try list(
      packed.config_labels, packed.n_config_labels, "labels of a config", MessageLimits.labels)
    shedding = try text(packed.shedding, "shedding", MessageLimits.reasonBytes)
  }

  func fill(_ packed: inout Muster__V1__Host, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    (packed.n_labels, packed.labels) = arena.list(labels)
    packed.boot_id = arena.text(bootID)
    packed.epoch = epoch
    packed.operating_system = arena.text(operatingSystem)
    packed.kernel_release = arena.text(kernelRelease)
    packed.architecture = arena.text(architecture)
    packed.collector_version = arena.text(collectorVersion)
    packed.state = state.packed
    packed.connected_since_us = connectedSinceMicroseconds
    packed.last_frame_us = lastFrameMicroseconds
    packed.lag_us = lagMicroseconds
    packed.clock_offset_us = clockOffsetMicroseconds
    packed.interval_ms = intervalMilliseconds
    packed.series = series
    packed.frames = frames
    packed.duplicate_frames = duplicateFrames
    packed.missing_frames = missingFrames
    packed.buffered_frames = bufferedFrames
    packed.dropped_frames = droppedFrames
    packed.vitals = vitals.map(arena.message)
    packed.goodbye_reason = arena.text(goodbyeReason)
    packed.address = arena.text(address)
    packed.config_sha256 = arena.bytes(configSHA256)
    packed.config_version = configVersion
    packed.config_state = configState.packed
    (packed.n_forbidden_commands, packed.forbidden_commands) = arena.texts(forbiddenCommands)
    packed.cloned_from = arena.text(clonedFrom)
    (packed.n_config_labels, packed.config_labels) = arena.list(configLabels)
    packed.shedding = arena.text(shedding)
  }
}
