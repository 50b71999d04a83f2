import GRPC
import Wire

/// A rollout's way back.
extension Steering {
  /// Stops a rollout: its hosts are meant to run again what they ran before.
  ///
  /// - Parameter quarantining: the document is to blame, and may not be used again.
  mutating func goBack(_ id: UInt64, reason: String, quarantining: Bool, at now: Moment) {
    guard let rollout = rollouts[id] else { return }
    let begun = rollout.parts.keys.filter(rollout.hasBegun).sorted()
    let made = begun.compactMap { hosts[$0]?.meant }
      .filter { $0.contains(rollout.stored.version, of: rollout.stored.selector) }
    rollouts[id]?.stored.state = .rollingBack
    rollouts[id]?.stored.pausedFrom = .unknown
    rollouts[id]?.stored.reason = reason
    rollouts[id]?.note("going back: \(reason)")
    rollouts[id]?.isDue = true
    rollouts[id]?.soakUntil = nil
    rollouts[id]?.soakLeft = nil
    for hostID in begun { refresh(hostID) }
    if quarantining { quarantine(rollout.stored, made, reason) }
    waitForReturn(of: begun, id, at: now.instant)
    store(id)
    if quarantining {
      note(rollout.stored, "config.halted", outcome: "failed", "rollout \(id): \(reason)", hosts: begun)
    }
    for hostID in begun { reconcile(hostID, at: now) }
  }

  /// The document may not be used again, nor may what it made of hosts' configs, unless another way leads to
  /// the same config for some host.
  private mutating func quarantine(_ rollout: StoredRollout, _ made: [MergedConfig], _ reason: String) {
    guard rollout.version > 0 else { return }
    documents.quarantine(rollout.version, reason)
    change(.quarantine(version: rollout.version, reason: reason))
    let good = Set(hosts.values.map(\.meant.sha256)).union([MergedConfig.nothing.sha256])
    for sha256 in Set(made.map(\.sha256)).subtracting(good).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      for addition in quarantine.add(sha256, "version \(rollout.version): \(reason)") { change(addition) }
    }
  }

  private mutating func waitForReturn(of begun: [String], _ id: UInt64, at now: Instant) {
    let longest = begun.compactMap { hosts[$0] }.map { timeout(of: $0, in: id) }.max() ?? .zero
    rollouts[id]?.backUntil = now + longest
    rollouts[id]?.notBack = []
  }

  /// Ends a rollout that goes back, once every host that can be reached is back or had its time.
  mutating func watchReturn(of id: UInt64, at now: Moment) {
    guard let rollout = rollouts[id] else { return }
    let isOver = rollout.backUntil.map { $0 <= now.instant } ?? false
    guard isOver || rollout.notBack.isEmpty && hasHostsAgain(rollout, at: now.instant) else { return }
    rollouts[id]?.stored.state = .rolledBack
    let missing = rollout.notBack.count
    let late = missing > 0 ? "; \(hostCount(missing)) did not get there in time" : ""
    rollouts[id]?.note("gone back\(late)")
    let summary = "rollout \(id) has gone back: \(rollout.stored.reason)\(late)"
    note(rollout.stored, "config.rolled_back", outcome: missing > 0 ? "failed" : "ok", summary)
    finish(id, at: now)
  }

  /// After a restart: whether hosts had time to come back, or are all there.
  private func hasHostsAgain(_ rollout: RolloutUnderWay, at now: Instant) -> Bool {
    rollout.movesFrom <= now
      || rollout.parts.keys.allSatisfy { !rollout.hasBegun($0) || hosts[$0]?.link.isReachable ?? false }
  }

  /// A rollout is over: its result is kept, its hosts' parts are not.
  mutating func finish(_ id: UInt64, at now: Moment) {
    guard let over = rollouts[id] else { return }
    var stored = over.stored
    stored.endedMicroseconds = now.wallMicroseconds
    stored.counts = counts(of: over)
    stored.troubled = Array(troubled(over).prefix(SteeringLimits.troubledHosts))
    rollouts[id] = nil
    rolloutOfLayer[stored.selector] = nil
    finished[id] = stored
    change(.rollout(stored))
    change(.rolloutHostsForgotten(rollout: id))
    moved(id)
    forgetOldRollouts()
    for hostID in over.parts.keys.sorted() {
      hosts[hostID]?.rollouts.removeAll { $0 == id }
      refresh(hostID)
      reconcile(hostID, at: now)
    }
  }

  private mutating func forgetOldRollouts() {
    while finished.count > SteeringLimits.rollouts, let oldest = finished.keys.min() {
      finished[oldest] = nil
      change(.rolloutForgotten(id: oldest))
    }
  }
}
