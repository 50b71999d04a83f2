import GRPC
import Wire

/// Who has the collector sample at another interval than it is configured to, and until when.
///
/// Each holder has one lease; the shortest interval of those that have not lapsed counts, and none is shorter
/// than the host's administrator allows. Without any, the configured interval holds.
struct ResolutionLeases {
  /// Holders at once.
  static let maximumHolders = 16
  /// A lease that says no length.
  static let defaultLength: Duration = .seconds(60)

  private struct Lease {
    var holder: String
    var interval: Duration
    var end: Instant
  }

  /// Nothing shorter is granted: the local `remote.minimum_interval`.
  var minimum: Duration
  private var leases: [Lease] = []

  init(minimum: Duration) {
    self.minimum = minimum
  }

  /// Grants, renews or (interval 0) ends the holder's lease. False: there are too many holders, and nothing
  /// changed.
  @discardableResult
  mutating func hold(_ action: SetResolutionAction, at now: Moment) -> Bool {
    leases.removeAll { $0.end <= now.instant || $0.holder == action.holder }
    guard action.intervalMilliseconds > 0 else { return true }
    guard leases.count < Self.maximumHolders else { return false }
    let length =
      action.leaseMilliseconds > 0 ? Duration.milliseconds(action.leaseMilliseconds) : Self.defaultLength
    leases.append(
      Lease(
        holder: action.holder, interval: .milliseconds(action.intervalMilliseconds),
        end: now.instant + length))
    return true
  }

  /// How often to sample now.
  func interval(configured: Duration, at now: Moment) -> Duration {
    let shortest = leases.lazy.filter { $0.end > now.instant }.map(\.interval).min()
    return shortest.map { max($0, minimum) } ?? configured
  }

  /// When the next lease lapses, and `interval` is to be asked again; in the past when one has lapsed since
  /// `expire` was called.
  var nextDeadline: Instant? { leases.lazy.map(\.end).min() }

  /// Forgets what has lapsed.
  mutating func expire(at now: Moment) {
    leases.removeAll { $0.end <= now.instant }
  }
}
