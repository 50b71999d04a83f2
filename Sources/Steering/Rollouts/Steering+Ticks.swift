public import GRPC
public import Wire

/// Time: rollouts move at ticks, and only there, so that whoever asks for a reading of the hosts' health is
/// always at hand. Hosts that have rested are looked at again.
extension Steering {
  /// When `tick` wants to be called; nil: not before the next event.
  public var nextDeadline: Instant? {
    let moves = rollouts.values.compactMap { rollout in
      switch rollout.stored.state {
      case .rolling, .soaking, .rollingBack:
        rollout.isDue ? lastEvent : soakEnd(rollout).map { min(nextCheck, $0) } ?? nextCheck
      case .unknown, .paused, .rolledBack, .completed: nil
      }
    }
    return (moves + [resting.nextDue].compactMap { $0 }).min()
  }

  private var nextCheck: Instant { lastTick + RolloutDefaults.checkInterval }

  /// When a soak ends that had not ended at the last tick. One that had waits for something else.
  private func soakEnd(_ rollout: RolloutUnderWay) -> Instant? {
    rollout.soakUntil.flatMap { $0 > lastTick ? $0 : nil }
  }

  /// Moves rollouts, and wakes hosts. To be called at `nextDeadline`; earlier does no harm.
  ///
  /// - Parameter health: what a host's collector costs now; nil: not known.
  public mutating func tick(at now: Moment, health: (String) -> HostHealth?) {
    lastTick = now.instant
    for hostID in resting.takeRested(at: now.instant) { reconcile(hostID, at: now) }
    for id in rollouts.keys.sorted() {
      rollouts[id]?.isDue = false
      switch rollouts[id]?.stored.state {
      case .rolling, .soaking: watch(id, at: now, health)
      case .rollingBack: watchReturn(of: id, at: now)
      case .paused, .completed, .rolledBack, .unknown, nil: continue
      }
    }
  }

  private mutating func watch(_ id: UInt64, at now: Moment, _ health: (String) -> HostHealth?) {
    for hostID in rollouts[id]?.late(at: now.instant) ?? [] { expire(hostID, in: id) }
    guard let rollout = rollouts[id] else { return }
    let survey = RolloutSurvey(rollout, hosts, at: now.instant, health: health)
    mark(survey.excesses, in: id, at: now.instant)
    if let reason = failedGate(of: id, survey, at: now.instant) {
      return goBack(id, reason: reason, quarantining: true, at: now)
    }
    advance(id, survey, at: now, health)
  }

  /// A host's time is up.
  private mutating func expire(_ hostID: String, in id: UInt64) {
    guard let record = hosts[hostID] else { return }
    let time = brief(timeout(of: record, in: id))
    rollouts[id]?.update(hostID) { part in
      part.stored.reason = "not verified within \(time): it got as far as \(part.stored.state.word)"
      part.stored.state = .failed
      (part.isLate, part.stored.isCounted, part.deadline) = (true, true, nil)
    }
    if let part = rollouts[id]?.parts[hostID] { change(.rolloutHost(rollout: id, part.stored)) }
    moved(id)
  }

  /// Keeps since when collectors cost too much.
  private mutating func mark(_ excesses: [String: String], in id: UInt64, at now: Instant) {
    let marked = rollouts[id]?.parts.values.filter { $0.excess != nil }.map(\.stored.hostID) ?? []
    for hostID in Set(marked).union(excesses.keys) {
      rollouts[id]?.update(hostID) { part in
        part.excess = excesses[hostID].map { (since: part.excess?.since ?? now, reason: $0) }
      }
    }
  }
}
