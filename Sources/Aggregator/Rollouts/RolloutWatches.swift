import GRPC

/// Who watches which rollout, and when its watchers are told again: at most once per interval, and always of the last
/// thing that happened.
struct RolloutWatches<Watch> {
  /// The shortest time between two updates of a rollout: five a second.
  static var interval: Duration { .milliseconds(200) }

  private struct Watched {
    /// By number.
    var watches: [UInt64: Watch] = [:]
    var hasMoved = false
    var toldAt: Instant?

    var nextTelling: Instant {
      toldAt.map { $0 + RolloutWatches.interval } ?? Instant(nanoseconds: .min)
    }
  }

  private var rollouts: [UInt64: Watched] = [:]

  /// When `takeDue` will have something to say; `nil`: nothing has moved.
  var nextDeadline: Instant? {
    rollouts.values.lazy.filter(\.hasMoved).map(\.nextTelling).min()
  }

  mutating func add(_ watch: Watch, number: UInt64, of rollout: UInt64) {
    rollouts[rollout, default: Watched()].watches[number] = watch
  }

  mutating func remove(number: UInt64, of rollout: UInt64) {
    rollouts[rollout]?.watches[number] = nil
    if rollouts[rollout]?.watches.isEmpty == true { rollouts[rollout] = nil }
  }

  /// The rollout is another now.
  mutating func moved(_ rollout: UInt64) {
    rollouts[rollout]?.hasMoved = true
  }

  /// The rollouts whose watchers are to be told now, and who they are.
  mutating func takeDue(at now: Instant) -> [(rollout: UInt64, watches: [Watch])] {
    let due = rollouts.filter { $0.value.hasMoved && $0.value.nextTelling <= now }
    for rollout in due.keys {
      rollouts[rollout]?.hasMoved = false
      rollouts[rollout]?.toldAt = now
    }
    return due.map { ($0.key, Array($0.value.watches.values)) }
  }
}
