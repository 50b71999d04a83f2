internal import CProtobufC
public import GRPC

/// A rollout as it stands.
public struct Rollout: GRPCMessage, Hashable, Sendable {
  /// 1, 2, 3, …
  public var id: UInt64
  /// The document that is rolled out.
  public var version: UInt64
  /// What the layer had before; 0: nothing.
  public var previousVersion: UInt64
  /// The layer.
  public var selector: String
  /// The document's.
  public var sha256: [UInt8]
  /// Where it is.
  public var state: RolloutState
  /// Why it is paused, going or gone back.
  public var reason: String
  /// The wave under way, 0 for the first …
  public var wave: UInt32
  /// … and the cumulative number of hosts after each.
  public var waveHosts: [UInt32]
  /// What became of the hosts so far: how many are in each state, over all waves begun.
  public var counts: [RolloutCount]
  /// When it began: microseconds since 1970.
  public var createdMicroseconds: Int64
  /// When it was over; 0: it is not.
  public var endedMicroseconds: Int64
  /// When the soak under way ends; 0: none is.
  public var soakUntilMicroseconds: Int64
  /// Who pushed it …
  public var author: String
  /// … and why.
  public var message: String
  /// Hosts that stand in the way or stood there, the first `MessageLimits.troubledHosts` of them.
  public var troubled: [RolloutHost]
  /// Every wave's word by word: "wave 1: 1 host verified in 1.2 s".
  public var history: [String]
  /// How it is rolled out.
  public var plan: RolloutPlan
  /// The aggregator's clock: microseconds since 1970.
  public var serverTimeMicroseconds: Int64

  /// A rollout of these parts.
  public init(
    id: UInt64, version: UInt64 = 0, previousVersion: UInt64 = 0, selector: String = "", sha256: [UInt8] = [],
    state: RolloutState = .unknown, reason: String = "", wave: UInt32 = 0, waveHosts: [UInt32] = [],
    counts: [RolloutCount] = [], createdMicroseconds: Int64 = 0, endedMicroseconds: Int64 = 0,
    soakUntilMicroseconds: Int64 = 0, author: String = "", message: String = "", troubled: [RolloutHost] = [],
    history: [String] = [], plan: RolloutPlan = RolloutPlan(), serverTimeMicroseconds: Int64 = 0
  ) {
    self.id = id
    self.version = version
    self.previousVersion = previousVersion
    self.selector = selector
    self.sha256 = sha256
    self.state = state
    self.reason = reason
    self.wave = wave
    self.waveHosts = waveHosts
    self.counts = counts
    self.createdMicroseconds = createdMicroseconds
    self.endedMicroseconds = endedMicroseconds
    self.soakUntilMicroseconds = soakUntilMicroseconds
    self.author = author
    self.message = message
    self.troubled = troubled
    self.history = history
    self.plan = plan
    self.serverTimeMicroseconds = serverTimeMicroseconds
  }
}

extension Rollout: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Rollout>) {
    muster__v1__rollout__init(packed)
  }

  init(_ packed: Muster__V1__Rollout) throws(Status) {
    self.init(
      id: packed.id, version: packed.version, previousVersion: packed.previous_version,
      selector: try text(packed.selector, "selector", MessageLimits.selectorBytes),
      sha256: try digest(packed.sha256, "sha256"), state: RolloutState(packed.state),
      reason: try text(packed.reason, "reason", MessageLimits.reasonBytes), wave: packed.wave,
      waveHosts: try column(packed.wave_hosts, packed.n_wave_hosts, "wave_hosts", MessageLimits.waves),
      counts: try list(packed.counts, packed.n_counts, "counts", MessageLimits.rolloutCounts),
      createdMicroseconds: packed.created_us, endedMicroseconds: packed.ended_us,
      soakUntilMicroseconds: packed.soak_until_us,
      author: try text(packed.author, "author", MessageLimits.authorBytes),
      message: try text(packed.message, "message", MessageLimits.reasonBytes),
      troubled: try list(packed.troubled, packed.n_troubled, "troubled", MessageLimits.troubledHosts),
      history: try texts(
        packed.history, packed.n_history, "history", MessageLimits.reportLines, MessageLimits.reasonBytes),
      plan: try optional(packed.plan) ?? RolloutPlan(), serverTimeMicroseconds: packed.server_time_us)
  }

  func fill(_ packed: inout Muster__V1__Rollout, _ arena: Arena) {
    packed.id = id
    packed.version = version
    packed.previous_version = previousVersion
    packed.selector = arena.text(selector)
    packed.sha256 = arena.bytes(sha256)
    packed.state = state.packed
    packed.reason = arena.text(reason, cutTo: MessageLimits.reasonBytes)
    packed.wave = wave
    (packed.n_wave_hosts, packed.wave_hosts) = arena.column(waveHosts)
    (packed.n_counts, packed.counts) = arena.list(counts)
    packed.created_us = createdMicroseconds
    packed.ended_us = endedMicroseconds
    packed.soak_until_us = soakUntilMicroseconds
    packed.author = arena.text(author)
    packed.message = arena.text(message)
    (packed.n_troubled, packed.troubled) = arena.list(troubled.prefix(MessageLimits.troubledHosts))
    (packed.n_history, packed.history) = arena.texts(
      history.prefix(MessageLimits.reportLines), cutTo: MessageLimits.reasonBytes)
    packed.plan = arena.message(plan, unless: RolloutPlan())
    packed.server_time_us = serverTimeMicroseconds
  }
}
