internal import CProtobufC
internal import GRPC

/// A host of a rollout.
public struct RolloutHost: Hashable, Sendable {
  /// Identity, for ever.
  public var hostID: String
  /// What it calls itself.
  public var instance: String
  /// The wave it is in, 0 for the first.
  public var wave: UInt32
  /// How it stands with the config.
  public var state: ConfigState
  /// Why, in a sentence.
  public var reason: String

  /// A host of this state.
  public init(
    hostID: String, instance: String = "", wave: UInt32 = 0, state: ConfigState = .unknown,
    reason: String = ""
  ) {
    self.hostID = hostID
    self.instance = instance
    self.wave = wave
    self.state = state
    self.reason = reason
  }
}

/// How many hosts of a rollout are in a state.
public struct RolloutCount: Hashable, Sendable {
  /// The state.
  public var state: ConfigState
  /// How many hosts.
  public var hosts: UInt32

  /// A count of a state.
  public init(state: ConfigState, hosts: UInt32) {
    self.state = state
    self.hosts = hosts
  }
}

extension RolloutHost: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RolloutHost>) {
    muster__v1__rollout_host__init(packed)
  }

  init(_ packed: Muster__V1__RolloutHost) throws(Status) {
    self.init(
      hostID: try text(packed.host_id, "host_id", MessageLimits.identifierBytes),
      instance: try text(packed.instance, "instance", MessageLimits.instanceBytes), wave: packed.wave,
      state: ConfigState(packed.state), reason: try text(packed.reason, "reason", MessageLimits.reasonBytes))
  }

  func fill(_ packed: inout Muster__V1__RolloutHost, _ arena: Arena) {
    packed.host_id = arena.text(hostID)
    packed.instance = arena.text(instance)
    packed.wave = wave
    packed.state = state.packed
    packed.reason = arena.text(reason, cutTo: MessageLimits.reasonBytes)
  }
}

extension RolloutCount: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RolloutCount>) {
    muster__v1__rollout_count__init(packed)
  }

  init(_ packed: Muster__V1__RolloutCount) throws(Status) {
    self.init(state: ConfigState(packed.state), hosts: packed.hosts)
  }

  func fill(_ packed: inout Muster__V1__RolloutCount, _ arena: Arena) {
    packed.state = state.packed
    packed.hosts = hosts
  }
}
