import GRPC
import Wire

/// A rollout's way forward: wave, soak, wave, soak, done.
extension Steering {
  /// Moves a rollout on if it may.
  mutating func advance(
    _ id: UInt64, _ survey: RolloutSurvey, at now: Moment, _ health: (String) -> HostHealth?
  ) {
    guard let rollout = rollouts[id], mayMove(rollout, at: now.instant) else { return }
    guard rollout.stored.wavesBegun > 0 else { return beginWave(of: id, at: now, health) }
    guard survey.isSettled else { return }
    guard survey.hasVerdict else { return substitute(in: id, at: now, health) }
    if rollout.stored.state == .rolling { return soak(id, survey, at: now, health) }
    guard rollout.soakUntil ?? now.instant <= now.instant, survey.excesses.isEmpty else { return }
    pass(id, at: now, health)
  }

  /// After a restart hosts are given time to come back: nothing moves before they had it, or are all there.
  private func mayMove(_ rollout: RolloutUnderWay, at now: Instant) -> Bool {
    rollout.movesFrom <= now
      || rollout.parts.keys.allSatisfy { hosts[$0]?.link.isReachable ?? false }
  }

  /// All hosts of the wave have their verdict: it is watched for a while.
  private mutating func soak(
    _ id: UInt64, _ survey: RolloutSurvey, at now: Moment, _ health: (String) -> HostHealth?
  ) {
    guard let rollout = rollouts[id], let tally = survey.waves.last?.tally else { return }
    let took = rollout.waveBegan.map { " in \(brief(now.instant - $0))" } ?? ""
    let failed = tally.failed > 0 ? ", \(tally.failed) failed" : ""
    let line = "wave \(rollout.stored.wavesBegun): \(hostCount(tally.verified)) verified\(took)\(failed)"
    rollouts[id]?.note(line)
    let soak = rollout.stored.plan.soak
    guard soak > .zero || !survey.excesses.isEmpty else { return pass(id, at: now, health) }
    rollouts[id]?.stored.state = .soaking
    rollouts[id]?.soakUntil = now.instant + soak
    store(id)
  }

  /// The wave was good: the next, or done.
  private mutating func pass(_ id: UInt64, at now: Moment, _ health: (String) -> HostHealth?) {
    if rollouts[id]?.isInLastWave ?? false {
      complete(id, at: now)
    } else {
      beginWave(of: id, at: now, health)
    }
  }

  /// Begins the next wave: its hosts are meant to run the new version from now on.
  private mutating func beginWave(of id: UInt64, at now: Moment, _ health: (String) -> HostHealth?) {
    rollouts[id]?.stored.state = .rolling
    rollouts[id]?.isDue = true
    let begun = rollouts[id]?.beginWave(at: now.instant) ?? []
    enter(begun, id, health)
    guard let rollout = rollouts[id] else { return }
    let reachable = begun.filter { rollout.parts[$0]?.stored.isCounted ?? false }.count
    let place = "wave \(rollout.stored.wavesBegun) of \(rollout.stored.waveHosts.count)"
    let some = reachable < begun.count ? ", \(reachable) reachable" : ""
    let line = "\(place) began with \(hostCount(begun.count))\(some)"
    rollouts[id]?.note(line)
    store(id)
    note(rollout.stored, "config.wave", "\(place) of rollout \(id): \(hostCount(begun.count))", hosts: begun)
    for hostID in begun {
      refresh(hostID)
      reconcile(hostID, at: now)
    }
  }

  /// Hosts are in a wave that has begun: who can be reached counts, and what it costs now is what it is
  /// compared with.
  mutating func enter(_ begun: [String], _ id: UInt64, _ health: (String) -> HostHealth?) {
    for hostID in begun {
      let isReachable = hosts[hostID]?.link.isReachable ?? false
      rollouts[id]?.update(hostID) { part in
        part.stored.isCounted = isReachable
        part.stored.baseline = health(hostID) ?? HostHealth()
      }
      if let part = rollouts[id]?.parts[hostID] { change(.rolloutHost(rollout: id, part.stored)) }
    }
  }

  /// Every wave was good: the document is its layer's.
  private mutating func complete(_ id: UInt64, at now: Moment) {
    guard let rollout = rollouts[id]?.stored else { return }
    install(rollout)
    rollouts[id]?.stored.state = .completed
    rollouts[id]?.note("completed")
    let verified = rollouts[id]?.counts[.verified] ?? 0
    let total = Int(rollout.waveHosts.last ?? 0)
    note(rollout, "config.completed", "rollout \(id): \(verified) of \(hostCount(total)) verified")
    finish(id, at: now)
    for (hostID, record) in hosts where record.layers.contains(rollout.selector) { refresh(hostID) }
    for hostID in hosts.keys.sorted() where hosts[hostID]?.layers.contains(rollout.selector) ?? false {
      reconcile(hostID, at: now)
    }
  }

  /// Makes a rollout's document its layer's. Going back to an earlier one takes the later ones off the
  /// layer's history, so that going back once more goes further back.
  private mutating func install(_ rollout: StoredRollout) {
    guard var layer = layers[rollout.selector] else { return }
    if let earlier = layer.history.lastIndex(of: rollout.version) {
      layer.history.removeSubrange(earlier...)
    } else {
      layer.history.append(layer.current)
      if layer.history.count > SteeringLimits.layerHistory { layer.history.removeFirst() }
    }
    layer.current = rollout.version
    layers.put(layer)
    change(.layer(layer))
  }

  /// `1 host`, `12 hosts`.
  func hostCount(_ count: Int) -> String { count == 1 ? "1 host" : "\(count) hosts" }

  /// A duration for people: `1.2 s`; above ten seconds whole ones.
  func brief(_ duration: Duration) -> String {
    let tenths = max(duration.saturatedMicroseconds / 100_000, 0)
    return tenths < 100 && tenths % 10 != 0 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 10) s"
  }
}
