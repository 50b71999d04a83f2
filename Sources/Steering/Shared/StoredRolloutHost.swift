public import Wire

/// A host's part in a rollout that is not over.
public struct StoredRolloutHost: Hashable, Sendable {
  /// The host's id.
  public var hostID: String
  /// The wave it is in; 0 is the first.
  public var wave: UInt32
  /// How far it is: UNKNOWN until it is offered something, then OFFERED, VERIFIED, FAILED, ...
  public var state: ConfigState
  /// Why it failed; empty: it did not.
  public var reason: String
  /// Whether gates count it: it was reachable when its wave began, or got a verdict since.
  public var isCounted: Bool
  /// What the collector cost before its wave began; nothing known: not compared.
  public var baseline: HostHealth

  /// A part that has not begun.
  public init(
    hostID: String, wave: UInt32, state: ConfigState = .unknown, reason: String = "",
    isCounted: Bool = false, baseline: HostHealth = HostHealth()
  ) {
    self.hostID = hostID
    self.wave = wave
    self.state = state
    self.reason = reason
    self.isCounted = isCounted
    self.baseline = baseline
  }
}
