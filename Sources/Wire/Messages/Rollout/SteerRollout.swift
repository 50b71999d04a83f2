internal import CProtobufC
public import GRPC

/// Asks for a rollout now and whenever it moves, until it is over.
public struct WatchRolloutRequest: GRPCMessage, Hashable, Sendable {
  /// Which; 0: the only one that is under way.
  public var id: UInt64

  /// A request for this rollout.
  public init(id: UInt64) {
    self.id = id
  }
}

/// Pauses, resumes, aborts or promotes a rollout.
public struct SteerRolloutRequest: GRPCMessage, Hashable, Sendable {
  /// Which; 0: the only one that is under way.
  public var id: UInt64
  /// What to do with it.
  public var action: RolloutAction
  /// Who asks …
  public var author: String
  /// … and why.
  public var message: String

  /// A request for this action.
  public init(id: UInt64 = 0, action: RolloutAction = .unknown, author: String = "", message: String = "") {
    self.id = id
    self.action = action
    self.author = author
    self.message = message
  }
}

/// Takes a layer back to an earlier document: a rollout like any other.
public struct RollBackRequest: GRPCMessage, Hashable, Sendable {
  /// The layer.
  public var selector: String
  /// 0: the document before the present one.
  public var toVersion: UInt64
  /// Who asks …
  public var author: String
  /// … and why.
  public var message: String
  /// How to roll it out.
  public var plan: RolloutPlan

  /// A request for this layer.
  public init(
    selector: String = "", toVersion: UInt64 = 0, author: String = "", message: String = "",
    plan: RolloutPlan = RolloutPlan()
  ) {
    self.selector = selector
    self.toVersion = toVersion
    self.author = author
    self.message = message
    self.plan = plan
  }
}

extension WatchRolloutRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__WatchRolloutRequest>) {
    muster__v1__watch_rollout_request__init(packed)
  }

  init(_ packed: Muster__V1__WatchRolloutRequest) throws(Status) {
    self.init(id: packed.id)
  }

  func fill(_ packed: inout Muster__V1__WatchRolloutRequest, _ arena: Arena) {
    packed.id = id
  }
}

extension SteerRolloutRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__SteerRolloutRequest>) {
    muster__v1__steer_rollout_request__init(packed)
  }

  init(_ packed: Muster__V1__SteerRolloutRequest) throws(Status) {
    self.init(
      id: packed.id, action: RolloutAction(packed.action),
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes))
  }

  func fill(_ packed: inout Muster__V1__SteerRolloutRequest, _ arena: Arena) {
    packed.id = id
    packed.action = action.packed
    packed.author = arena.text(author)
    packed.message = arena.text(message)
  }
}

extension RollBackRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RollBackRequest>) {
    muster__v1__roll_back_request__init(packed)
  }

  init(_ packed: Muster__V1__RollBackRequest) throws(Status) {
    self.init(
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      toVersion: packed.to_version, author: try text(packed.author, "author", MessageLimits.authorBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes),
      plan: try optional(packed.plan) ?? RolloutPlan())
  }

  func fill(_ packed: inout Muster__V1__RollBackRequest, _ arena: Arena) {
    packed.selector = arena.text(selector)
    packed.to_version = toVersion
    packed.author = arena.text(author)
    packed.message = arena.text(message)
    packed.plan = arena.message(plan, unless: RolloutPlan())
  }
}
