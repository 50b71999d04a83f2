import GRPC
public import Wire

/// Rollouts, as they are shown.
extension Steering {
  /// A rollout as it stands; nil: there is none of this id.
  public func rollout(_ id: UInt64, at now: Moment) -> Rollout? {
    guard let rollout = self.rollouts[id] else { return finished[id].map { message(of: $0, at: now) } }
    var shown = message(of: rollout.stored, at: now)
    shown.counts = counts(of: rollout)
    shown.troubled = Array(troubled(rollout).prefix(SteeringLimits.troubledHosts))
    shown.soakUntilMicroseconds =
      rollout.soakUntil.map { now.advanced(by: $0 - now.instant).wallMicroseconds } ?? 0
    return shown
  }

  /// Rollouts, newest first, without their plan and history.
  public func rollouts(_ request: ListRolloutsRequest, at now: Moment) -> [Rollout] {
    let ids = Array(rollouts.keys) + (request.all ? Array(finished.keys) : [])
    let limit = Int(clamping: request.limit == 0 ? 20 : request.limit)
    return ids.sorted(by: >).prefix(limit).compactMap { id in
      var rollout = self.rollout(id, at: now)
      rollout?.plan = RolloutPlan()
      rollout?.history = []
      return rollout
    }
  }

  /// How many hosts of waves begun are in each state.
  func counts(of rollout: RolloutUnderWay) -> [RolloutCount] {
    ConfigState.allCases.compactMap { state in
      guard let hosts = rollout.counts[state], hosts > 0 else { return nil }
      return RolloutCount(state: state, hosts: UInt32(clamping: hosts))
    }
  }

  /// A rollout as it is remembered.
  func message(of stored: StoredRollout, at now: Moment) -> Rollout {
    Rollout(
      id: stored.id, version: stored.version, previousVersion: stored.previousVersion,
      selector: stored.selector, sha256: stored.sha256, state: stored.state, reason: stored.reason,
      wave: max(stored.wavesBegun, 1) - 1, waveHosts: stored.waveHosts, counts: stored.counts,
      createdMicroseconds: stored.createdMicroseconds, endedMicroseconds: stored.endedMicroseconds,
      author: stored.author, message: stored.message, troubled: stored.troubled, history: stored.history,
      plan: stored.plan, serverTimeMicroseconds: now.wallMicroseconds)
  }
}
