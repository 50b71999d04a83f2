public import GRPC
public import Wire

/// Back to an earlier document.
extension Steering {
  /// Rolls out an earlier document of a layer; with none before the present one, an empty layer. One wave and
  /// no soak, unless the plan says otherwise.
  ///
  /// Throws NOT_FOUND for a layer or a version that is not there, FAILED_PRECONDITION as `push` does.
  public mutating func rollBack(_ request: RollBackRequest, at now: Moment) throws(Status) -> Rollout {
    begin(now)
    let (name, selector) = try layerName(request.selector)
    try refuseLong(author: request.author, message: request.message)
    guard let layer = layers[name] else {
      throw Status(
        .notFound, "nothing was ever pushed to \(named(name)); `muster config list` shows the layers")
    }
    let plan = try request.plan.checked(waves: ["100%"], soaks: false)
    let version = try target(request.toVersion, layer)
    let members = try members(selector)
    try refuseOverlap(name, members)
    let proposal = RolloutProposal(
      selector: name, version: version, config: documents.config(version), plan: plan,
      author: request.author, message: request.message)
    if version > 0 { try refuseUnfit(proposal, members) }
    let (stored, deal) = try self.plan(proposal, members, id: nextRollout, at: now)
    return begin(stored, deal, at: now)
  }

  /// The version to go back to; 0: none, so that the layer becomes empty.
  private func target(_ version: UInt64, _ layer: StoredLayer) throws(Status) -> UInt64 {
    guard version == 0 else { return try named(version, layer) }
    guard layer.current != 0 else {
      throw Status(
        .failedPrecondition,
        "nothing is in force for \(named(layer.selector)): there is nothing to go back from")
    }
    return layer.history.last { $0 == 0 || documents[$0]?.quarantined.isEmpty ?? false } ?? 0
  }

  private func named(_ version: UInt64, _ layer: StoredLayer) throws(Status) -> UInt64 {
    guard let document = documents[version], document.selector == layer.selector else {
      throw Status(
        .notFound,
        "\(named(layer.selector)) has no version \(version); `muster config history` shows those it has")
    }
    guard document.quarantined.isEmpty else {
      throw Status(.failedPrecondition, "version \(version) is quarantined: \(document.quarantined)")
    }
    guard version != layer.current else {
      throw Status(.failedPrecondition, "nothing would change: version \(version) is in force")
    }
    return version
  }
}
