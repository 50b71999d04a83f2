public import Wire

/// What hosts say of their configs.
extension Steering {
  /// The host said what became of a config.
  public mutating func status(_ hostID: String, _ status: ConfigStatus, at now: Moment) {
    begin(now)
    guard hosts[hostID]?.link.isAttached ?? false else { return }
    hear(status, from: hostID, isNew: true, at: now)
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

  /// Takes in a status.
  ///
  /// - Parameter isNew: it was said as such, and not repeated in Hello.
  mutating func hear(_ status: ConfigStatus, from hostID: String, isNew: Bool = false, at now: Moment) {
    guard var record = hosts[hostID] else { return }
    record.link.status = status
    record.link.running = status.runningSHA256
    let isKnown = record.config.sha256 == status.sha256
    if status.state.isInProgress, isKnown, record.config.state != .verified {
      record.config.state = status.state == .verified ? .applied : status.state
    }
    hosts[hostID] = record
    guard status.state.isFailure, !status.sha256.isEmpty else { return }
    let failure = hearFailure(status, from: hostID, at: now)
    if isNew, !failure.isFinal { resting.add(hostID, at: now.instant) }
  }

  /// A config failed on a host. Hosts repeat themselves; what was known is passed over.
  private mutating func hearFailure(
    _ status: ConfigStatus, from hostID: String, at now: Moment
  ) -> StoredConfigFailure {
    var record = self.record(hostID, at: now)
    if record.link.offered == status.sha256 { record.link.offered = nil }
    let wasOffered = record.config.sha256 == status.sha256
    let known = record.config.failures.first { $0.sha256 == status.sha256 }?.rollout ?? 0
    let reason = String(explanation(of: status).prefix(SteeringLimits.reasonCharacters))
    let failure = StoredConfigFailure(
      sha256: status.sha256, state: status.state, reason: reason,
      rollout: wasOffered ? record.config.rollout : known)
    let isNews = record.note(failure)
    if wasOffered { (record.config.state, record.config.reason) = (status.state, reason) }
    guard isNews else {
      hosts[hostID] = record
      return failure
    }
    remember(&record, at: now)
    emit(
      SteeringNote(
        rollout: failure.rollout, action: "host.config_failed", outcome: "failed",
        summary: "\(record.name): \(status.state.word)\(reason.isEmpty ? "" : ": \(reason)")",
        hosts: [AuditHost(hostID: hostID, instance: record.name, outcome: status.state.word)]))
    return failure
  }

  private func explanation(of status: ConfigStatus) -> String {
    let problems = status.problems.prefix(3).map { "\($0.key): \($0.message)" }.joined(separator: "; ")
    return [status.reason, problems].filter { !$0.isEmpty }.joined(separator: "; ")
  }
}
