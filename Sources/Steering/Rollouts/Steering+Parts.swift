import GRPC
import Wire

/// Hosts' parts in rollouts: they follow what hosts do.
extension Steering {
  /// Brings a host's parts to what is known of it now.
  mutating func updateParts(of record: HostRecord, _ course: HostCourse, at now: Moment) {
    for id in record.rollouts {
      guard let step = rollouts[id]?.follow(record, course, at: now.instant) else { continue }
      if let part = step.toRemember { change(.rolloutHost(rollout: id, part)) }
      moved(id)
    }
  }

  /// How long a host may take.
  func timeout(of record: HostRecord, in id: UInt64) -> Duration {
    rollouts[id]?.stored.plan.hostTimeout(of: record) ?? .zero
  }
}

extension RolloutPlan {
  /// How long a host may take from the offer to VERIFIED.
  func hostTimeout(of record: HostRecord) -> Duration {
    hostTimeout(
      intervalMilliseconds: max(
        record.host?.intervalMilliseconds ?? 0, record.meant.config.intervalMilliseconds))
  }
}

extension RolloutUnderWay {
  /// A part that changed.
  struct Step {
    /// The part, if a restart must find it so.
    var toRemember: StoredRolloutHost?
  }

  /// Brings a host's part to what is known of it now; nil: nothing changed.
  mutating func follow(_ record: HostRecord, _ course: HostCourse, at now: Instant) -> Step? {
    guard let part = parts[record.config.hostID], part.stored.wave < stored.wavesBegun else { return nil }
    return stored.state == .rollingBack
      ? followBack(record, part, course) : followOn(record, part, course, at: now)
  }

  /// A host that is to take on the new version.
  private mutating func followOn(
    _ record: HostRecord, _ before: RolloutPart, _ course: HostCourse, at now: Instant
  ) -> Step? {
    var part = before
    (part.stored.state, part.stored.reason) = verdict(course, record, before)
    if !part.isOpen { part.stored.isCounted = true }
    let runs = part.isOpen && record.link.isAttached
    part.deadline = runs ? before.deadline ?? now + stored.plan.hostTimeout(of: record) : nil
    guard part.stored != before.stored || part.deadline != before.deadline else { return nil }
    replace(part)
    guard part.stored != before.stored else { return nil }
    wake(Int(part.stored.wave))
    return Step(toRemember: part.isOpen && before.isOpen ? nil : part.stored)
  }

  private func verdict(
    _ course: HostCourse, _ record: HostRecord, _ part: RolloutPart
  ) -> (ConfigState, String) {
    switch course {
    case .arrived: (.verified, "")
    case .blocked(let state, let reason): (state, reason)
    case .offer, .wait:
      part.isLate ? (part.stored.state, part.stored.reason) : (record.progress, "")
    }
  }

  /// A host that is to go back to what it ran before.
  private mutating func followBack(_ record: HostRecord, _ before: RolloutPart, _ course: HostCourse) -> Step?
  {
    let hostID = record.config.hostID
    let isUnderWay = (course == .offer || course == .wait) && record.link.isReachable
    if isUnderWay { notBack.insert(hostID) } else { notBack.remove(hostID) }
    if notBack.isEmpty { isDue = true }
    guard course == .arrived, !before.stored.state.isFailure, before.stored.state != .unknown else {
      return nil
    }
    var part = before
    part.stored.state = .rolledBack
    replace(part)
    return Step(toRemember: part.stored)
  }

  /// It is looked at now if a wave's last host got its verdict, or too many failed.
  private mutating func wake(_ wave: Int) {
    guard tallies.indices.contains(wave) else { return }
    if tallies[wave].open == 0 || !stored.plan.gates.canBeVerified(tallies[wave]) { isDue = true }
  }
}
