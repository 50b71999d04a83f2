internal import CProtobufC
internal import GRPC

/// What a collector is told to do: one action, and how long it may take.
public struct Command: Hashable, Sendable {
  /// Unique, given by the aggregator. A collector that gets an id again answers with what it did the first
  /// time, and does nothing.
  public var id: String
  /// How long from now it may still be begun; 0: no longer.
  public var timeToLiveMilliseconds: UInt32
  /// How long it may take once begun.
  public var timeoutMilliseconds: UInt32
  /// What output may come to; what is beyond is cut off, and the result says so.
  public var outputLimitBytes: UInt32
  /// Given by whoever asked; two commands with one key are one command.
  public var idempotencyKey: String
  /// The role that the asker needed.
  public var role: Role
  /// What to do; nil: an action of a newer aggregator, which is not known here.
  public var action: Action?

  /// A command to do this.
  public init(
    id: String, timeToLiveMilliseconds: UInt32 = 0, timeoutMilliseconds: UInt32 = 0,
    outputLimitBytes: UInt32 = 0, idempotencyKey: String = "", role: Role = .unspecified, action: Action?
  ) {
    self.id = id
    self.timeToLiveMilliseconds = timeToLiveMilliseconds
    self.timeoutMilliseconds = timeoutMilliseconds
    self.outputLimitBytes = outputLimitBytes
    self.idempotencyKey = idempotencyKey
    self.role = role
    self.action = action
  }
}

extension Command: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Command>) {
    muster__v1__command__init(packed)
  }

  init(_ packed: Muster__V1__Command) throws(Status) {
    self.init(
      id: try text(packed.id, "command id", MessageLimits.identifierBytes),
      timeToLiveMilliseconds: packed.time_to_live_ms, timeoutMilliseconds: packed.timeout_ms,
      outputLimitBytes: packed.output_limit_bytes,
      idempotencyKey: try text(packed.idempotency_key, "idempotency_key", MessageLimits.idempotencyKeyBytes),
      role: Role(packed.role),
      action: try packed.action.flatMap { (action) throws(Status) in try Action(ifKnown: action.pointee) })
  }

  func fill(_ packed: inout Muster__V1__Command, _ arena: Arena) {
    packed.id = arena.text(id)
    packed.time_to_live_ms = timeToLiveMilliseconds
    packed.timeout_ms = timeoutMilliseconds
    packed.output_limit_bytes = outputLimitBytes
    packed.idempotency_key = arena.text(idempotencyKey)
    packed.role = role.packed
    packed.action = action.map(arena.message)
  }
}
