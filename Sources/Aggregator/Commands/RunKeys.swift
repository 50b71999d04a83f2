import GRPC
import Records
import Wire

/// The runs of the last hour that were given a key: who asks with the same key is shown the same run.
///
/// Bounded in number, and in the output held for runs that are over: the oldest go first.
struct RunKeys {
  private enum Known {
    case run(ActiveRun)
    /// Of an earlier life of the program: nothing is left but the record of it.
    case past(StoredRun)
  }

  private var known: [String: (run: Known, until: Instant)] = [:]
  /// Oldest first.
  private var keys: [String] = []

  /// - Parameter past: newest first, as the records have them.
  init(_ past: [StoredRun], at now: Moment) {
    for run in past.reversed() where !run.key.isEmpty {
      let age = Duration.microseconds(max(0, now.wallMicroseconds &- run.startedMicroseconds))
      guard age < RunLimits.keyLifetime else { continue }
      insert(.past(run), run.key, until: now.instant + (RunLimits.keyLifetime - age))
    }
  }

  var count: Int { known.count }

  /// The run that has the order's key; `nil`: none.
  ///
  /// FAILED_PRECONDITION: it is another command's, or only its record is left.
  mutating func run(for order: RunOrder, at now: Moment) throws(Status) -> ActiveRun? {
    while let oldest = keys.first, let until = known[oldest]?.until, until <= now.instant { remove(oldest) }
    switch known[order.idempotencyKey]?.run {
    case nil: return nil
    case .run(let run):
      guard run.order.action == order.action, run.order.selector == order.selector else {
        throw Status(
          .failedPrecondition,
          "the idempotency key is that of run \(run.number), which does something else; take a new key")
      }
      return run
    case .past(let run):
      throw Status(
        .failedPrecondition,
        "the idempotency key is that of run \(run.id), from before the aggregator was restarted: \(run.outcome), \(run.summary); nothing was sent again"
      )
    }
  }

  /// A run has begun. One without a key is not remembered.
  mutating func remember(_ run: ActiveRun, at now: Moment) {
    guard !run.order.idempotencyKey.isEmpty else { return }
    insert(.run(run), run.order.idempotencyKey, until: now.instant + RunLimits.keyLifetime)
  }

  /// A run is over: of those that are, the newest keep their output.
  func ended() {
    var held = 0
    for key in keys.reversed() {
      guard case .run(let run) = known[key]?.run, run.isOver else { continue }
      held += run.heldBytes
      if held > RunLimits.heldBytesOfPast {
        held -= run.heldBytes
        run.forgetOutput()
      }
    }
  }

  private mutating func insert(_ run: Known, _ key: String, until: Instant) {
    if known[key] != nil { remove(key) }
    if keys.count >= RunLimits.keys, let oldest = keys.first(where: isOver) { remove(oldest) }
    known[key] = (run, until)
    keys.append(key)
  }

  private mutating func remove(_ key: String) {
    known[key] = nil
    keys.removeAll { $0 == key }
  }

  private func isOver(_ key: String) -> Bool {
    if case .run(let run) = known[key]?.run { run.isOver } else { true }
  }
}
