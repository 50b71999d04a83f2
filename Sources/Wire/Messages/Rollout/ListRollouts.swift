internal import CProtobufC
public import GRPC

/// Asks for rollouts.
public struct ListRolloutsRequest: GRPCMessage, Hashable, Sendable {
  /// Those that are over, too.
  public var all: Bool
  /// 0 stands for 20.
  public var limit: UInt32

  /// A request for these rollouts.
  public init(all: Bool = false, limit: UInt32 = 0) {
    self.all = all
    self.limit = limit
  }
}

/// Rollouts, newest first.
public struct ListRolloutsResponse: GRPCMessage, Hashable, Sendable {
  /// Without their plan and history.
  public var rollouts: [Rollout]

  /// A response of these rollouts.
  public init(rollouts: [Rollout] = []) {
    self.rollouts = rollouts
  }
}

extension ListRolloutsRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListRolloutsRequest>) {
    muster__v1__list_rollouts_request__init(packed)
  }

  init(_ packed: Muster__V1__ListRolloutsRequest) throws(Status) {
    self.init(all: packed.all != 0, limit: packed.limit)
  }

  func fill(_ packed: inout Muster__V1__ListRolloutsRequest, _ arena: Arena) {
    packed.all = all ? 1 : 0
    packed.limit = limit
  }
}

extension ListRolloutsResponse: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ListRolloutsResponse>) {
    muster__v1__list_rollouts_response__init(packed)
  }

  init(_ packed: Muster__V1__ListRolloutsResponse) throws(Status) {
    self.init(rollouts: try list(packed.rollouts, packed.n_rollouts, "rollouts", MessageLimits.documents))
  }

  func fill(_ packed: inout Muster__V1__ListRolloutsResponse, _ arena: Arena) {
    (packed.n_rollouts, packed.rollouts) = arena.list(rollouts)
  }
}
