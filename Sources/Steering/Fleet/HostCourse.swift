import Wire

/// What is to be done about a host, as things stand.
enum HostCourse: Hashable, Sendable {
  /// It runs what is meant for it.
  case arrived
  /// What is meant for it must not be offered to it.
  case blocked(ConfigState, String)
  /// It is to be offered what is meant for it.
  case offer
  /// It is on its way, or cannot be reached.
  case wait
}

extension Steering {
  /// What is to be done about a host.
  func course(of record: HostRecord) -> HostCourse {
    if let failure = blockingFailure(of: record) { return .blocked(failure.state, failure.reason) }
    if record.runsWhatIsMeant { return .arrived }
    let sha256 = record.meant.sha256
    guard record.heading != sha256 else { return .wait }
    if let reason = quarantine.reason(sha256) { return .blocked(.failed, "quarantined: \(reason)") }
    guard record.link.isReachable, !isHeldByPause(record) else { return .wait }
    guard record.link.schema >= record.meant.config.schema else {
      return .blocked(.refused, "the collector does not know config schema \(record.meant.config.schema)")
    }
    return .offer
  }

  /// The failure because of which the host's config is not to be offered to it. One that is not final keeps it from
  /// being offered until its rollout is over and the host has rested.
  private func blockingFailure(of record: HostRecord) -> StoredConfigFailure? {
    let sha256 = record.meant.sha256
    if let known = record.config.failures.first(where: { $0.sha256 == sha256 }) {
      let isOpen = rollouts[known.rollout] != nil || resting.contains(record.config.hostID)
      if known.isFinal || isOpen { return known }
    }
    guard record.link.failed.contains(sha256) else { return nil }
    return StoredConfigFailure(sha256: sha256, state: .failed, reason: "it failed there before")
  }

  /// Whether the host's next offer would belong to a rollout that is paused.
  private func isHeldByPause(_ record: HostRecord) -> Bool {
    record.rollouts.contains { id in
      guard let rollout = rollouts[id], rollout.stored.state == .paused else { return false }
      return rollout.hasBegun(record.config.hostID)
    }
  }
}
