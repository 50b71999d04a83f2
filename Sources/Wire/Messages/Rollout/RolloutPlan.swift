internal import CProtobufC
public import GRPC

/// How something is rolled out. What is 0 or empty stands for the default.
public struct RolloutPlan: GRPCMessage, Hashable, Sendable {
  /// Cumulative: "1", "5%", "25%", "100%". Empty: these four. The last is always everything.
  public var waves: [String]
  /// How long a wave is watched before the next; 0 stands for 60000. Use `noSoak` for none.
  public var soakMilliseconds: UInt32
  /// Waves are not watched at all.
  public var noSoak: Bool
  /// When a wave is good enough.
  public var gates: Gates
  /// How long a host may take from offer to verified; 0: the confirm time and three of its intervals.
  public var hostTimeoutMilliseconds: UInt32
  /// How long a collector waits for the confirmation before it goes back: 5000 to 600000; 0 stands for 30000.
  public var confirmWithinMilliseconds: UInt32

  /// A plan of these parts.
  public init(
    waves: [String] = [], soakMilliseconds: UInt32 = 0, noSoak: Bool = false, gates: Gates = Gates(),
    hostTimeoutMilliseconds: UInt32 = 0, confirmWithinMilliseconds: UInt32 = 0
  ) {
    self.waves = waves
    self.soakMilliseconds = soakMilliseconds
    self.noSoak = noSoak
    self.gates = gates
    self.hostTimeoutMilliseconds = hostTimeoutMilliseconds
    self.confirmWithinMilliseconds = confirmWithinMilliseconds
  }
}

extension RolloutPlan: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__RolloutPlan>) {
    muster__v1__rollout_plan__init(packed)
  }

  init(_ packed: Muster__V1__RolloutPlan) throws(Status) {
    self.init(
      waves: try texts(packed.waves, packed.n_waves, "waves", MessageLimits.waves, MessageLimits.unitBytes),
      soakMilliseconds: packed.soak_ms, noSoak: packed.no_soak != 0,
      gates: try optional(packed.gates) ?? Gates(), hostTimeoutMilliseconds: packed.host_timeout_ms,
      confirmWithinMilliseconds: packed.confirm_within_ms)
  }

  func fill(_ packed: inout Muster__V1__RolloutPlan, _ arena: Arena) {
    (packed.n_waves, packed.waves) = arena.texts(waves)
    packed.soak_ms = soakMilliseconds
    packed.no_soak = noSoak ? 1 : 0
    packed.gates = arena.message(gates, unless: Gates())
    packed.host_timeout_ms = hostTimeoutMilliseconds
    packed.confirm_within_ms = confirmWithinMilliseconds
  }
}
