import GRPC
import Logging
import Wire

/// A log level for a time, and until when.
struct LogLevelLease {
  /// A lease that says no length.
  static let defaultLength: Duration = .seconds(600)

  private var lease: (level: Logger.Level, end: Instant)?

  init() {}

  /// Takes a level, or (an empty one) gives it back. False: there is no such level, and nothing changed.
  @discardableResult
  mutating func hold(_ action: LogLevelAction, at now: Moment) -> Bool {
    guard !action.level.isEmpty else {
      lease = nil
      return true
    }
    guard let level = Logger.Level(rawValue: action.level) else { return false }
    let length =
      action.leaseMilliseconds > 0 ? Duration.milliseconds(action.leaseMilliseconds) : Self.defaultLength
    lease = (level, now.instant + length)
    return true
  }

  /// The level now.
  func level(configured: Logger.Level, at now: Moment) -> Logger.Level {
    guard let lease, lease.end > now.instant else { return configured }
    return lease.level
  }

  /// When `level` is to be asked again; nil: never.
  var nextDeadline: Instant? { lease?.end }

  /// Forgets what has lapsed.
  mutating func expire(at now: Moment) {
    if let end = lease?.end, end <= now.instant { lease = nil }
  }
}
