import Wire

/// What hosts are meant to run.
extension Steering {
  /// Works out again what a host is meant to run.
  mutating func refresh(_ hostID: String) {
    guard let record = hosts[hostID], record.host != nil else { return }
    let versions = versions(of: record)
    guard versions != record.meant.layers else { return }
    let meant = merger.merged(versions, documents)
    hosts[hostID]?.meant = meant
  }

  /// The documents that hold for a host, weakest first.
  func versions(of record: HostRecord) -> [LayerVersion] {
    record.layers.compactMap { selector in
      let version = version(of: selector, for: record.config.hostID)
      return version > 0 ? LayerVersion(selector: selector, version: version) : nil
    }
  }

  /// The documents that would hold for a host if a layer had another version.
  ///
  /// - Parameter table: the layers, with that one among them.
  func versions(
    of host: SteeredHost, in table: LayerTable, with selector: String, at version: UInt64
  ) -> [LayerVersion] {
    table.selecting(host).compactMap { name in
      let found = name == selector ? version : self.version(of: name, for: host.hostID)
      return found > 0 ? LayerVersion(selector: name, version: found) : nil
    }
  }

  /// A layer's document for a host: hosts of begun waves have the new one, the others the present one.
  private func version(of selector: String, for hostID: String) -> UInt64 {
    if let id = rolloutOfLayer[selector], let rollout = rollouts[id], rollout.givesNew(to: hostID) {
      return rollout.stored.version
    }
    return layers[selector]?.current ?? 0
  }

  /// How a host stands; see `HostStanding`.
  func standing(of record: HostRecord, _ course: HostCourse) -> HostStanding {
    HostStanding(
      sha256: record.config.stampedSHA256, version: record.meant.version, state: state(of: record, course),
      configLabels: record.config.stampedSHA256 == record.meant.sha256
        ? record.meant.config.labels : merger.labels(of: record.config.stampedSHA256))
  }

  /// How far a host is with what is meant for it.
  func state(of record: HostRecord, _ course: HostCourse) -> ConfigState {
    switch course {
    case .arrived: record.isLeftAlone ? .unknown : .verified
    case .blocked(let state, _): state
    case .offer, .wait: record.progress
    }
  }
}
