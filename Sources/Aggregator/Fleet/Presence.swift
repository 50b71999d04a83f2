import GRPC
public import Wire

/// Whether a host is there: what is known of its connections and its frames, and what follows from it at a given time.
///
///                       frame within the silence limit     none
///     connected         online                             stale
///     lost              online (a reconnect is no event)   stale for a grace, then offline
///     said goodbye      stopped, until it connects again
///     retired           retired, whatever else
///
/// The silence limit is three of the host's own intervals.
public struct Presence: Sendable {
  /// So many intervals without a frame make a host stale.
  public static let silentIntervals = 3
  /// No host is called silent sooner than this, however short its interval.
  public static let minimumSilence = Duration.seconds(1)
  /// How long a lost host is stale before it is offline, at least; it is never less than twice the silence limit.
  public static let minimumGrace = Duration.seconds(10)
  /// An interval longer than this is not believed.
  public static let maximumInterval = Duration.seconds(3600)
  /// What is assumed of a producer that has neither said its interval nor sent two frames.
  public static let defaultInterval = Duration.seconds(5)

  /// Open calls of the host: control streams and frame streams.
  var calls = 0
  /// Since when there has been a call without interruption.
  var connectedSince: Moment?
  /// When the last call ended.
  var lostAt: Moment?
  /// When the last fresh frame arrived.
  var lastFrame: Moment?
  /// The host's interval, as it says itself; `nil` until then.
  var statedInterval: Duration?
  /// The distance of its last two frames, for producers that say nothing.
  var observedInterval: Duration?
  /// Why it stopped; `nil`: it has not said goodbye.
  var goodbyeReason: String?
  /// An operator took it out of the fleet.
  var isRetired = false
  /// Known from an earlier life of the program, and not connected since.
  var isRestored = false

  init() {}

  /// How often the host sends, as far as is known.
  var interval: Duration {
    statedInterval ?? observedInterval ?? Self.defaultInterval
  }

  /// The state at `now`: a pure function of what is known and the time.
  public func state(at now: Moment) -> HostState {
    if isRetired { return .retired }
    if goodbyeReason != nil { return .stopped }
    if isRestored { return .offline }
    let silence = max(interval * Self.silentIntervals, Self.minimumSilence)
    let heard = [lastFrame?.instant, connectedSince?.instant].compactMap { $0 }.max()
    if let heard, now.instant - heard <= silence { return .online }
    if calls > 0 { return .stale }
    guard let lostAt else { return .offline }
    return now.instant - lostAt.instant <= max(silence * 2, Self.minimumGrace) ? .stale : .offline
  }

  /// Whether nothing has been heard or connected for `duration`.
  func isAbsent(for duration: Duration, at now: Moment) -> Bool {
    guard calls == 0 else { return false }
    let heard = [lastFrame?.instant, lostAt?.instant].compactMap { $0 }.max()
    return heard.map { now.instant - $0 >= duration } ?? true
  }

  mutating func callOpened(at now: Moment) {
    calls += 1
    isRestored = false
    guard calls == 1 else { return }
    connectedSince = now
    goodbyeReason = nil
  }

  mutating func callEnded(at now: Moment) {
    calls = max(0, calls - 1)
    guard calls == 0 else { return }
    connectedSince = nil
    lostAt = now
  }

  /// The host says how often it sends; 0 says nothing.
  mutating func adopt(interval milliseconds: UInt32) {
    if milliseconds > 0 { statedInterval = min(.milliseconds(Int64(milliseconds)), Self.maximumInterval) }
  }

  mutating func frameArrived(at now: Moment) {
    if let last = lastFrame, now.instant > last.instant {
      observedInterval = min(now.instant - last.instant, Self.maximumInterval)
    }
    lastFrame = now
  }
}
