internal import CProtobufC
internal import GRPC

/// Raises or lowers how often the collector samples, for a time.
public struct SetResolutionAction: Hashable, Sendable {
  /// 100 to 60000; 0 ends the lease.
  public var intervalMilliseconds: UInt32
  /// 1000 to 3600000; 0 stands for 60000.
  public var leaseMilliseconds: UInt32
  /// Who holds the lease: the shortest interval of all holders counts.
  public var holder: String

  /// A lease of this interval.
  public init(intervalMilliseconds: UInt32 = 0, leaseMilliseconds: UInt32 = 0, holder: String = "") {
    self.intervalMilliseconds = intervalMilliseconds
    self.leaseMilliseconds = leaseMilliseconds
    self.holder = holder
  }
}

extension SetResolutionAction: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__SetResolutionAction>) {
    muster__v1__set_resolution_action__init(packed)
  }

  init(_ packed: Muster__V1__SetResolutionAction) throws(Status) {
    self.init(
      intervalMilliseconds: packed.interval_ms, leaseMilliseconds: packed.lease_ms,
      holder: try text(packed.holder, "holder", MessageLimits.authorBytes))
  }

  func fill(_ packed: inout Muster__V1__SetResolutionAction, _ arena: Arena) {
    packed.interval_ms = intervalMilliseconds
    packed.lease_ms = leaseMilliseconds
    packed.holder = arena.text(holder)
  }
}
