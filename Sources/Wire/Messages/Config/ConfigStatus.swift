internal import CProtobufC
public import GRPC

/// How it stands with a config on a host.
public struct ConfigStatus: GRPCMessage, Hashable, Sendable {
  /// The config this is about.
  public var sha256: [UInt8]
  /// Its newest document; for people.
  public var version: UInt64
  /// How far it got.
  public var state: ConfigState
  /// Why it is failed, refused or rolled back.
  public var reason: String
  /// What the host does not accept.
  public var problems: [ConfigProblem]
  /// What runs now; empty: none but the local file.
  public var runningSHA256: [UInt8]

  /// A status of this config.
  public init(
    sha256: [UInt8] = [], version: UInt64 = 0, state: ConfigState = .unknown, reason: String = "",
    problems: [ConfigProblem] = [], runningSHA256: [UInt8] = []
  ) {
    self.sha256 = sha256
    self.version = version
    self.state = state
    self.reason = reason
    self.problems = problems
    self.runningSHA256 = runningSHA256
  }
}

extension ConfigStatus: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__ConfigStatus>) {
    muster__v1__config_status__init(packed)
  }

  init(_ packed: Muster__V1__ConfigStatus) throws(Status) {
    self.init(
      sha256: try digest(packed.sha256, "sha256"), version: packed.version, state: ConfigState(packed.state),
      reason: try text(packed.reason, "reason", MessageLimits.reasonBytes),
      problems: try list(packed.problems, packed.n_problems, "problems", MessageLimits.problems),
      runningSHA256: try digest(packed.running_sha256, "running_sha256"))
  }

  func fill(_ packed: inout Muster__V1__ConfigStatus, _ arena: Arena) {
    packed.sha256 = arena.bytes(sha256)
    packed.version = version
    packed.state = state.packed
    packed.reason = arena.text(reason, cutTo: MessageLimits.reasonBytes)
    (packed.n_problems, packed.problems) = arena.list(problems.prefix(MessageLimits.problems))
    packed.running_sha256 = arena.bytes(runningSHA256)
  }
}
