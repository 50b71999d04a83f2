internal import CProtobufC
public import GRPC

/// The one last word on a command.
public struct CommandResult: GRPCMessage, Hashable, Sendable {
  /// The command's.
  public var id: String
  /// What became of it.
  public var outcome: CommandOutcome
  /// A sentence; empty when all is well.
  public var reason: String
  /// How long it took.
  public var durationMicroseconds: UInt64
  /// How many parts of output were sent.
  public var parts: UInt32
  /// Bytes of output that the limit cut off.
  public var bytesCut: UInt64

  /// A result of this outcome.
  public init(
    id: String, outcome: CommandOutcome = .unknown, reason: String = "", durationMicroseconds: UInt64 = 0,
    parts: UInt32 = 0, bytesCut: UInt64 = 0
  ) {
    self.id = id
    self.outcome = outcome
    self.reason = reason
    self.durationMicroseconds = durationMicroseconds
    self.parts = parts
    self.bytesCut = bytesCut
  }
}

extension CommandResult: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__CommandResult>) {
    muster__v1__command_result__init(packed)
  }

  init(_ packed: Muster__V1__CommandResult) throws(Status) {
    self.init(
      id: try text(packed.id, "command id", MessageLimits.identifierBytes),
      outcome: CommandOutcome(packed.outcome),
      reason: try text(packed.reason, "reason", MessageLimits.reasonBytes),
      durationMicroseconds: packed.duration_us, parts: packed.parts, bytesCut: packed.bytes_cut)
  }

  func fill(_ packed: inout Muster__V1__CommandResult, _ arena: Arena) {
    packed.id = arena.text(id)
    packed.outcome = outcome.packed
    packed.reason = arena.text(reason, cutTo: MessageLimits.reasonBytes)
    packed.duration_us = durationMicroseconds
    packed.parts = parts
    packed.bytes_cut = bytesCut
  }
}
