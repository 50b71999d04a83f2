public import Wire

/// What hosts say of their configs.
extension Steering {
  /// The host said what became of a config.
  public mutating func status(_ hostID: String, _ status: ConfigStatus, at now: Moment) {
    begin(now)
    guard hosts[hostID]?.link.isAttached ?? false else { return }
    hear(status, from: hostID, at: now)
    reconcile(hostID, heard: true, at: now)
  }

  /// The host's frames are stamped with this config from now on; empty: none but the local file.
  public mutating func stamped(_ hostID: String, sha256: [UInt8], at now: Moment) {
    begin(now)
    var record = self.record(hostID, at: now)
    if record.link.offered == sha256 || record.link.working == sha256 { record.link.running = sha256 }
    if record.config.stampedSHA256 != sha256 {
      record.config.stampedSHA256 = sha256
      remember(&record, at: now)
    } else {
      hosts[hostID] = record
    }
    reconcile(hostID, heard: true, at: now)
  }

  /// Takes in a status, said as such or in Hello.
  mutating func hear(_ status: ConfigStatus, from hostID: String, at now: Moment) {
    guard var record = hosts[hostID] else { return }
    record.link.status = status
    record.link.running = status.runningSHA256
    let isKnown = record.config.sha256 == status.sha256
    if status.state.isInProgress, isKnown, record.config.state != .verified {
      record.config.state = status.state == .verified ? .applied : status.state
    }
    hosts[hostID] = record
    if status.state.isFailure, !status.sha256.isEmpty { hearFailure(status, from: hostID, at: now) }
  }

  /// A config failed on a host: it is not to be offered to it again. Hosts repeat themselves; what was known
  /// is passed over.
  private mutating func hearFailure(_ status: ConfigStatus, from hostID: String, at now: Moment) {
    guard var record = hosts[hostID] else { return }
    if record.link.offered == status.sha256 { record.link.offered = nil }
    let wasOffered = record.config.sha256 == status.sha256
    let known = record.config.failures.first { $0.sha256 == status.sha256 }?.rollout ?? 0
    let reason = String(explanation(of: status).prefix(SteeringLimits.reasonCharacters))
    // The config that says nothing cannot be to blame: whoever failed with it has to come back to it all the same,
    // though not on this Watch.
    let saysNothing = status.sha256 == MergedConfig.nothing.sha256
    if saysNothing { record.link.failed.insert(status.sha256) }
    let failure = StoredConfigFailure(
      sha256: status.sha256, state: status.state, reason: reason,
      isInterrupted: status.interrupted || saysNothing,
      rollout: wasOffered ? record.config.rollout : known)
    let isNews = record.note(failure)
    if wasOffered { (record.config.state, record.config.reason) = (status.state, reason) }
    guard isNews else {
      hosts[hostID] = record
      return
    }
    remember(&record, at: now)
    emit(
      SteeringNote(
        rollout: failure.rollout, action: "host.config_failed", outcome: "failed",
        summary: "\(record.name): \(status.state.word)\(reason.isEmpty ? "" : ": \(reason)")",
        hosts: [AuditHost(hostID: hostID, instance: record.name, outcome: status.state.word)]))
  }

  private func explanation(of status: ConfigStatus) -> String {
    let problems = status.problems.prefix(3).map { "\($0.key): \($0.message)" }.joined(separator: "; ")
    return [status.reason, problems].filter { !$0.isEmpty }.joined(separator: "; ")
  }
}
