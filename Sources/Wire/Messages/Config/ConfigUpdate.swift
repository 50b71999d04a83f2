internal import CProtobufC
public import GRPC

/// The config that is meant for a host.
public struct ConfigUpdate: GRPCMessage, Hashable, Sendable {
  /// The newest document in it; for people.
  public var version: UInt64
  /// SHA-256 of the bytes of `config`.
  public var sha256: [UInt8]
  /// A packed `CollectorConfig`.
  public var config: [UInt8]
  /// The rollout it belongs to; 0: none.
  public var rollout: UInt64
  /// Without a confirmation for so long after applying it, the collector goes back by itself.
  public var confirmWithinMilliseconds: UInt32

  /// An update to this config.
  public init(
    version: UInt64 = 0, sha256: [UInt8] = [], config: [UInt8] = [], rollout: UInt64 = 0,
    confirmWithinMilliseconds: UInt32 = 0
  ) {
    self.version = version
    self.sha256 = sha256
    self.config = config
    self.rollout = rollout
    self.confirmWithinMilliseconds = confirmWithinMilliseconds
  }
}

extension ConfigUpdate: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ConfigUpdate>) {
    muster__v1__config_update__init(packed)
  }

  init(_ packed: Muster__V1__ConfigUpdate) throws(Status) {
    self.init(
      version: packed.version, sha256: try digest(packed.sha256, "sha256"),
      config: try bytes(packed.config, "config", MessageLimits.configBytes), rollout: packed.rollout,
      confirmWithinMilliseconds: packed.confirm_within_ms)
  }

  func fill(_ packed: inout Muster__V1__ConfigUpdate, _ arena: Arena) {
    packed.version = version
    packed.sha256 = arena.bytes(sha256)
    packed.config = arena.bytes(config)
    packed.rollout = rollout
    packed.confirm_within_ms = confirmWithinMilliseconds
  }
}
