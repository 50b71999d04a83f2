public import Wire

/// Connections come and go.
extension Steering {
  /// The host said Hello on a new control stream, with its last word on configuration.
  public mutating func attached(_ hostID: String, status: ConfigStatus, at now: Moment) {
    begin(now)
    var record = self.record(hostID, at: now)
    record.link.isAttached = true
    record.link.isWatching = false
    record.link.saidGoodbye = false
    record.link.offered = nil
    hosts[hostID] = record
    hear(status, from: hostID, at: now)
    // Frames say what runs where it differs: what earlier frames were stamped with holds no longer.
    if var record = hosts[hostID], record.config.stampedSHA256 != status.runningSHA256,
      !record.config.stampedSHA256.isEmpty
    {
      record.config.stampedSHA256 = []
      remember(&record, at: now)
    }
    reconcile(hostID, heard: true, at: now)
  }

  /// The host's Watch is open: offers may follow.
  public mutating func watching(_ hostID: String, _ request: WatchConfigRequest, at now: Moment) {
    begin(now)
    guard hosts[hostID]?.link.isAttached ?? false else { return }
    hosts[hostID]?.link.isWatching = true
    hosts[hostID]?.link.offered = nil
    // The control stream says what runs, and this request may have been overtaken by it.
    if hosts[hostID]?.link.status?.state == .unknown { hosts[hostID]?.link.running = request.runningSHA256 }
    // A collector that does not say knows the first.
    hosts[hostID]?.link.schema = max(request.schema, 1)
    hosts[hostID]?.link.failed = Set(request.failedSHA256.prefix(MessageLimits.failedConfigs))
    reconcile(hostID, heard: true, at: now)
  }

  /// The host's Watch ended.
  public mutating func watchEnded(_ hostID: String, at now: Moment) {
    begin(now)
    guard hosts[hostID]?.link.isWatching ?? false else { return }
    hosts[hostID]?.link.isWatching = false
    hosts[hostID]?.link.offered = nil
    reconcile(hostID, at: now)
  }

  /// The host's control stream ended.
  ///
  /// - Parameter saidGoodbye: it stopped on purpose, so that it is not taken for silent.
  public mutating func detached(_ hostID: String, saidGoodbye: Bool = false, at now: Moment) {
    begin(now)
    guard var record = hosts[hostID], record.link.isAttached else { return }
    record.link.isAttached = false
    record.link.isWatching = false
    record.link.offered = nil
    record.link.awaySince = now.instant
    record.link.saidGoodbye = saidGoodbye
    hosts[hostID] = record
    reconcile(hostID, at: now)
  }
}
