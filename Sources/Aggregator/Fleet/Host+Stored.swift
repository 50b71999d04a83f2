import GRPC
import Records
import Wire

extension Host {
  /// As the records have it. `isRetired`: as it is about to be.
  func stored(isRetired: Bool? = nil, at now: Moment) -> StoredHost {
    withRecord { record in
      var stored = record.stored(at: now)
      if let isRetired { stored.isRetired = isRetired }
      return stored
    }
  }
}

extension HostRecord {
  fileprivate func stored(at now: Moment) -> StoredHost {
    StoredHost(
      hostID: identity.hostID, instance: identity.instance, labels: identity.labels,
      machineSHA256: machineSHA256, epoch: identity.epoch, bootID: identity.bootID,
      operatingSystem: system.operatingSystem, kernelRelease: system.kernelRelease,
      architecture: system.architecture, collectorVersion: system.collectorVersion, address: address,
      firstSeenMicroseconds: firstSeenMicroseconds, lastSeenMicroseconds: lastSeen(at: now),
      isRetired: presence.isRetired, goodbyeReason: presence.goodbyeReason, clonedFrom: clonedFrom,
      intervalMilliseconds: presence.statedInterval?.wholeMilliseconds ?? 0)
  }

  /// When it was last there: now, while it is connected.
  private func lastSeen(at now: Moment) -> Int64 {
    if presence.calls > 0 { return now.wallMicroseconds }
    return [presence.lostAt, presence.lastFrame].compactMap { $0?.wallMicroseconds }.max()
      ?? firstSeenMicroseconds
  }

  /// Takes over what an earlier life of the program knew.
  mutating func restore(_ stored: StoredHost, at now: Moment) {
    firstSeenMicroseconds = stored.firstSeenMicroseconds
    machineSHA256 = stored.machineSHA256
    clonedFrom = stored.clonedFrom
    system = HostSystem(
      operatingSystem: stored.operatingSystem, kernelRelease: stored.kernelRelease,
      architecture: stored.architecture, collectorVersion: stored.collectorVersion)
    presence.restore(stored, at: now)
  }
}

extension Presence {
  /// Takes over when the host was last there.
  fileprivate mutating func restore(_ stored: StoredHost, at now: Moment) {
    isRestored = true
    isRetired = stored.isRetired
    goodbyeReason = stored.goodbyeReason
    adopt(interval: stored.intervalMilliseconds)
    let gone = Duration.microseconds(max(0, now.wallMicroseconds &- stored.lastSeenMicroseconds))
    let last = Moment(instant: now.instant - gone, wallMicroseconds: stored.lastSeenMicroseconds)
    lastFrame = last
    lostAt = last
  }
}
