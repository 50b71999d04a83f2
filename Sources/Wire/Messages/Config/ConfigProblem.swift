internal import CProtobufC
internal import GRPC

/// A value of a config that cannot be.
public struct ConfigProblem: Hashable, Sendable {
  /// `interval`, `sources.diskstats`, …
  public var key: String
  /// What is wrong with it, and what is accepted.
  public var message: String

  /// A problem with this key.
  public init(key: String, message: String) {
    self.key = key
    self.message = message
  }
}

extension ConfigProblem: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ConfigProblem>) {
    muster__v1__config_problem__init(packed)
  }

  init(_ packed: Muster__V1__ConfigProblem) throws(Status) {
    self.init(
      key: try text(packed.key, "key", MessageLimits.configKeyBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes))
  }

  func fill(_ packed: inout Muster__V1__ConfigProblem, _ arena: Arena) {
    packed.key = arena.text(key, cutTo: MessageLimits.configKeyBytes)
    packed.message = arena.text(message, cutTo: MessageLimits.reasonBytes)
  }
}
