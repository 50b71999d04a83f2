public import Wire

/// Hosts come, change and go.
extension Steering {
  /// A host is new, or its labels, interval or retirement changed. After restoring, every known host is
  /// reported once.
  public mutating func hostChanged(_ host: SteeredHost, at now: Moment) {
    begin(now)
    let hostID = host.hostID
    var record = self.record(hostID, at: now)
    guard record.host != host else { return }
    record.host = host
    record.layers = layers.selecting(host)
    hosts[hostID] = record
    updateMembership(of: hostID)
    refresh(hostID)
    reconcile(hostID, at: now)
  }

  /// The host is gone for good, with all that is known of it.
  public mutating func hostForgotten(_ hostID: String, at now: Moment) {
    begin(now)
    guard let record = hosts.removeValue(forKey: hostID) else { return }
    updateMembership(of: hostID)
    if record.config != StoredHostConfig(hostID: hostID) { change(.hostConfigForgotten(hostID: hostID)) }
  }

  /// What is known of a host. Its connection may be heard of before anyone says who it is.
  func record(_ hostID: String, at now: Moment) -> HostRecord {
    hosts[hostID] ?? HostRecord(StoredHostConfig(hostID: hostID), awaySince: now.instant)
  }
}
