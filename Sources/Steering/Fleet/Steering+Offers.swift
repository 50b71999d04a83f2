import GRPC
import Wire

/// Bringing a host to what is meant for it.
extension Steering {
  /// Does what is to be done about a host.
  ///
  /// - Parameter heard: the host just said something, so that it is told again what it waits for.
  mutating func reconcile(_ hostID: String, heard: Bool = false, at now: Moment) {
    guard var record = hosts[hostID], record.host != nil else { return }
    var course = course(of: record)
    switch course {
    case .arrived: arrive(&record, heard: heard, at: now)
    case .offer:
      offer(record.meant, to: &record, at: now)
      course = .wait
    case .blocked:
      depart(&record)
      takeRefuge(&record, heard: heard, at: now)
    case .wait: depart(&record)
    }
    if !record.rollouts.isEmpty { updateParts(of: record, course, at: now) }
    let standing = standing(of: record, course)
    guard standing != record.shown else { return }
    hosts[hostID]?.shown = standing
    send(.standingChanged(hostID: hostID))
  }

  /// The host runs what is meant for it: remembered, and said to the host.
  private mutating func arrive(_ record: inout HostRecord, heard: Bool, at now: Moment) {
    guard !record.isLeftAlone else { return }
    let (hostID, meant) = (record.config.hostID, record.meant)
    let isNew = record.config.state != .verified || record.config.sha256 != meant.sha256
    if isNew {
      (record.config.sha256, record.config.version) = (meant.sha256, meant.version)
      (record.config.state, record.config.reason) = (.verified, "")
      record.config.failures.removeAll { $0.sha256 == meant.sha256 }
      remember(&record, at: now)
    }
    let isWaiting = heard && record.link.awaitsConfirm(of: meant.sha256)
    if record.link.isAttached, isNew || isWaiting { send(.confirm(hostID: hostID, sha256: meant.sha256)) }
  }

  /// What is meant for the host must not be offered to it. If what it runs is quarantined, it cannot stay on that
  /// either: it is brought to the config that says nothing, which leaves it with its own settings.
  private mutating func takeRefuge(_ record: inout HostRecord, heard: Bool, at now: Moment) {
    let refuge = MergedConfig.nothing
    if record.heading == refuge.sha256 {
      let isWaiting =
        record.config.stampedSHA256 == refuge.sha256 && record.link.awaitsConfirm(of: refuge.sha256)
      if heard, isWaiting { send(.confirm(hostID: record.config.hostID, sha256: refuge.sha256)) }
      return
    }
    guard quarantine.reason(record.heading) != nil, record.link.isReachable,
      !record.link.failed.contains(refuge.sha256), !isResting(record, from: refuge.sha256)
    else { return }
    offer(refuge, to: &record, at: now)
  }

  /// Whether the host failed with a config just now.
  private func isResting(_ record: HostRecord, from sha256: [UInt8]) -> Bool {
    resting.contains(record.config.hostID) && record.config.failures.contains { $0.sha256 == sha256 }
  }

  /// Offers a host a config. That it was offered is durable before it is sent.
  private mutating func offer(_ meant: MergedConfig, to record: inout HostRecord, at now: Moment) {
    let hostID = record.config.hostID
    let rollout = record.rollouts.last { rollouts[$0]?.hasBegun(hostID) ?? false } ?? 0
    (record.config.sha256, record.config.version) = (meant.sha256, meant.version)
    (record.config.rollout, record.config.state, record.config.reason) = (rollout, .offered, "")
    record.link.offered = meant.sha256
    remember(&record, at: now)
    let plan = rollouts[rollout]?.stored.plan
    send(
      .offer(
        hostID: hostID,
        ConfigUpdate(
          version: meant.version, sha256: meant.sha256, config: meant.packed, rollout: rollout,
          confirmWithinMilliseconds: plan?.confirmWithinMilliseconds ?? RolloutDefaults.confirmMilliseconds)))
  }

  /// Whether an offer still holds: between deciding and sending lies the time of a transaction, and another may
  /// have taken its place, its Watch may be over, or its config be quarantined.
  public func isOffered(_ sha256: [UInt8], to hostID: String) -> Bool {
    hosts[hostID]?.link.offered == sha256 && quarantine.reason(sha256) == nil
  }

  /// The host does not run what is meant for it: it is not VERIFIED any more.
  private mutating func depart(_ record: inout HostRecord) {
    guard record.config.state == .verified else { return }
    record.config.state = .unknown
    hosts[record.config.hostID] = record
  }

  /// Keeps a host's config, here and over a restart.
  mutating func remember(_ record: inout HostRecord, at now: Moment) {
    record.config.changedMicroseconds = now.wallMicroseconds
    hosts[record.config.hostID] = record
    change(.hostConfig(record.config))
  }
}
