internal import CProtobufC
internal import GRPC

/// Has the collector log more, or less, for a time.
public struct LogLevelAction: Hashable, Sendable {
  /// trace, debug, info, notice, warning, error, critical; empty: back to the configured one.
  public var level: String
  /// When it lapses: 1000 to 86400000; 0 stands for 600000.
  public var leaseMilliseconds: UInt32

  /// A lease of this level.
  public init(level: String = "", leaseMilliseconds: UInt32 = 0) {
    self.level = level
    self.leaseMilliseconds = leaseMilliseconds
  }
}

extension LogLevelAction: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__LogLevelAction>) {
    muster__v1__log_level_action__init(packed)
  }

  init(_ packed: Muster__V1__LogLevelAction) throws(Status) {
    self.init(
      level: try text(packed.level, "level", MessageLimits.unitBytes), leaseMilliseconds: packed.lease_ms)
  }

  func fill(_ packed: inout Muster__V1__LogLevelAction, _ arena: Arena) {
    packed.level = arena.text(level)
    packed.lease_ms = leaseMilliseconds
  }
}
