/// The uplink's times and limits.
public struct UplinkSettings: Hashable, Sendable {
  /// The distance of two heartbeats.
  public var heartbeatInterval: Duration = .seconds(10)
  /// Heartbeats unanswered for so many intervals: the connection counts as lost.
  public var heartbeatIntervalsUntilLost = 3
  /// How long heartbeats may be unanswered until the connection counts as lost.
  var heartbeatTimeout: Duration { heartbeatInterval * heartbeatIntervalsUntilLost }
  /// How long the aggregator may take to answer Hello.
  public var welcomeTimeout: Duration = .seconds(10)
  /// How long frames under way may take to be acknowledged after the aggregator said it is going away.
  public var drainTimeout: Duration = .seconds(5)
  /// How long a stop may take.
  public var goodbyeTimeout: Duration = .seconds(2)
  /// A connection that held so long was a good one: the next wait starts small again.
  public var stableAfter: Duration = .seconds(10)
  /// Waits between attempts to connect.
  public var backoff = BackoffLimits()
  /// What is kept of unacknowledged frames.
  public var ring = FrameRingLimits()

  /// The defaults.
  public init() {}
}
