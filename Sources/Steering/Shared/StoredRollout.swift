public import Wire

/// A rollout as it is stored: what was asked for, and how far it got.
public struct StoredRollout: Hashable, Sendable {
  /// 1, 2, 3, ...
  public var id: UInt64
  /// The document that is rolled out; 0: nothing, so that the layer becomes empty.
  public var version: UInt64
  /// What the layer had before; 0: nothing.
  public var previousVersion: UInt64
  /// The layer.
  public var selector: String
  /// Of the document's packed CollectorConfig; empty when the version is 0.
  public var sha256: [UInt8]
  /// Where it is.
  public var state: RolloutState
  /// ROLLING or SOAKING while the state is PAUSED, else UNKNOWN.
  public var pausedFrom: RolloutState
  /// Why it is paused, going or gone back.
  public var reason: String
  /// How many waves have begun: those are the first of `waveHosts`.
  public var wavesBegun: UInt32
  /// The cumulative number of hosts after each wave.
  public var waveHosts: [UInt32]
  /// What was asked for, with defaults filled in where they do not depend on a host or a wave.
  public var plan: RolloutPlan
  /// When it was pushed, by the wall clock: microseconds since 1970.
  public var createdMicroseconds: Int64
  /// When it was over; 0: it is not.
  public var endedMicroseconds: Int64
  /// Who asked.
  public var author: String
  /// Why.
  public var message: String
  /// What happened, line by line; at most `SteeringLimits.rolloutHistory`.
  public var history: [String]
  /// What became of the hosts; filled in when it is over.
  public var counts: [RolloutCount]
  /// Hosts that stood in the way, the first 100; filled in when it is over.
  public var troubled: [RolloutHost]

  /// A rollout that has not begun.
  public init(
    id: UInt64, version: UInt64, previousVersion: UInt64 = 0, selector: String, sha256: [UInt8] = [],
    state: RolloutState = .rolling, pausedFrom: RolloutState = .unknown, reason: String = "",
    wavesBegun: UInt32 = 0, waveHosts: [UInt32] = [], plan: RolloutPlan = RolloutPlan(),
    createdMicroseconds: Int64 = 0, endedMicroseconds: Int64 = 0, author: String = "",
    message: String = "", history: [String] = [], counts: [RolloutCount] = [],
    troubled: [RolloutHost] = []
  ) {
    self.id = id
    self.version = version
    self.previousVersion = previousVersion
    self.selector = selector
    self.sha256 = sha256
    self.state = state
    self.pausedFrom = pausedFrom
    self.reason = reason
    self.wavesBegun = wavesBegun
    self.waveHosts = waveHosts
    self.plan = plan
    self.createdMicroseconds = createdMicroseconds
    self.endedMicroseconds = endedMicroseconds
    self.author = author
    self.message = message
    self.history = history
    self.counts = counts
    self.troubled = troubled
  }

  /// Whether nothing moves in it any more.
  public var isOver: Bool { state == .completed || state == .rolledBack }
}
