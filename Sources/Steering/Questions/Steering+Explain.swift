public import GRPC
public import Wire

/// What a host is meant to run, and why.
extension Steering {
  /// What a host (an instance or a host id) is meant to run, and where each value comes from.
  ///
  /// Throws NOT_FOUND for an unknown host, FAILED_PRECONDITION for a name that several hosts have.
  public func explain(_ host: String) throws(Status) -> ExplainConfigResponse {
    let record = try find(host)
    let versions = versions(of: record)
    let layers = versions.map { layer in
      ConfigLayers.Layer(
        selector: layer.selector, version: layer.version, rollout: rollout(of: layer),
        config: documents.config(layer.version))
    }
    return ExplainConfigResponse(
      hostID: record.config.hostID, instance: record.name,
      sha256: record.meant.isNothing ? [] : record.meant.sha256, version: record.meant.version,
      runningSHA256: record.config.stampedSHA256, status: status(of: record),
      layers: layers.map { ConfigLayer(selector: $0.selector, version: $0.version, rollout: $0.rollout) },
      values: ConfigLayers(layers).explained)
  }

  /// How a host stands with its config; nil: an unknown host.
  public func standing(of hostID: String) -> HostStanding? {
    hosts[hostID].flatMap { $0.host == nil ? nil : standing(of: $0, course(of: $0)) }
  }

  private func find(_ host: String) throws(Status) -> HostRecord {
    if let record = hosts[host], record.host != nil { return record }
    let named = hosts.values.filter { $0.host?.instance == host }
    guard let record = named.first else {
      throw Status(
        .notFound, "there is no host \"\(host.prefix(100))\"; `muster hosts` shows those there are")
    }
    guard named.count == 1 else {
      let ids = named.map(\.config.hostID).sorted().prefix(5).joined(separator: ", ")
      throw Status(
        .failedPrecondition, "\(named.count) hosts are called \"\(host)\"; say the host id: \(ids)")
    }
    return record
  }

  /// The rollout that brought a document to some hosts and is not over; 0: none.
  private func rollout(of layer: LayerVersion) -> UInt64 {
    guard let id = rolloutOfLayer[layer.selector], rollouts[id]?.stored.version == layer.version else {
      return 0
    }
    return id
  }

  /// The host's last word; with what is known here where it said nothing yet.
  private func status(of record: HostRecord) -> ConfigStatus {
    let course = course(of: record)
    let state = state(of: record, course)
    if let status = record.link.status, status.sha256 == record.meant.sha256 {
      var status = status
      status.state = state
      return status
    }
    guard !record.isLeftAlone else { return ConfigStatus() }
    let reason = if case .blocked(_, let reason) = course { reason } else { "" }
    return ConfigStatus(
      sha256: record.meant.sha256, version: record.meant.version, state: state, reason: reason,
      runningSHA256: record.config.stampedSHA256)
  }
}
