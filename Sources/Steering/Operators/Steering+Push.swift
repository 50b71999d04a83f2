public import GRPC
import Settings
public import Wire

/// New documents.
extension Steering {
  /// Checks a document, stores it, and sets its rollout going. A dry run only checks: the rollout that it
  /// answers with has id and version 0.
  ///
  /// Throws INVALID_ARGUMENT for what cannot be read or meant, FAILED_PRECONDITION for what cannot be now:
  /// no host selected, nothing to change, a rollout under way, content that is quarantined.
  public mutating func push(_ request: PushConfigRequest, at now: Moment) throws(Status) -> Rollout {
    begin(now)
    let (name, selector) = try layerName(request.selector)
    try refuseLong(author: request.author, message: request.message)
    let config = try read(request)
    let plan = try request.plan.checked(waves: RolloutDefaults.waves, soaks: true)
    try refuseKnown(config, name)
    let members = try members(selector)
    try refuseOverlap(name, members)
    try refuseFull(name)
    let proposal = RolloutProposal(
      selector: name, version: documents.nextVersion, config: config, plan: plan, author: request.author,
      message: request.message)
    try refuseUnfit(proposal, members)
    var (stored, deal) = try self.plan(proposal, members, id: nextRollout, at: now)
    guard !request.dryRun else {
      (stored.id, stored.version) = (0, 0)
      return message(of: stored, at: now)
    }
    keep(proposal, yaml: request.yaml, at: now)
    return begin(stored, deal, at: now)
  }

  private func read(_ request: PushConfigRequest) throws(Status) -> CollectorConfig {
    guard request.yaml.utf8.count <= SteeringLimits.documentBytes else {
      throw Status(
        .invalidArgument,
        "the document has \(request.yaml.utf8.count) bytes; at most \(SteeringLimits.documentBytes) are possible"
      )
    }
    do throws(SettingsError) {
      return try ConfigText.parse(request.yaml, file: request.file.isEmpty ? "config" : request.file)
    } catch {
      throw Status(.invalidArgument, error.description)
    }
  }

  /// Refuses content that is quarantined, or in force.
  private func refuseKnown(_ config: CollectorConfig, _ layer: String) throws(Status) {
    let sha256 = config.sha256
    if let known = documents.quarantined(sha256: sha256) {
      throw Status(
        .failedPrecondition,
        "version \(known.version) says the same, and is quarantined (\(known.quarantined)); change the document"
      )
    }
    guard let current = layers[layer]?.current, current > 0, documents[current]?.sha256 == sha256 else {
      return
    }
    throw Status(
      .failedPrecondition, "nothing would change: version \(current) of \(named(layer)) says the same")
  }

  private func refuseFull(_ layer: String) throws(Status) {
    guard layers[layer] == nil, layers.count >= SteeringLimits.layers else { return }
    throw Status(
      .resourceExhausted,
      "there are \(layers.count) layers, and no more are possible; push to one that `muster config list` shows"
    )
  }

  /// Stores a document.
  private mutating func keep(_ proposal: RolloutProposal, yaml: String, at now: Moment) {
    let document = ConfigDocument(
      version: proposal.version, selector: proposal.selector, sha256: proposal.sha256, yaml: yaml,
      author: proposal.author, message: proposal.message, createdMicroseconds: now.wallMicroseconds)
    documents.put(document, saying: proposal.config)
    change(.document(document))
    forgetOldDocuments(besides: proposal.version)
  }

  /// Drops the oldest documents that nothing needs, with their place in their layer's history.
  private mutating func forgetOldDocuments(besides version: UInt64) {
    guard documents.documents.count > SteeringLimits.documents else { return }
    let needed = Set(layers.all.map(\.current))
      .union(rollouts.values.flatMap { [$0.stored.version, $0.stored.previousVersion] }).union([version])
    guard let oldest = documents.documents.keys.filter({ !needed.contains($0) }).min() else { return }
    if let selector = documents[oldest]?.selector, var layer = layers[selector],
      layer.history.contains(oldest)
    {
      layer.history.removeAll { $0 == oldest }
      layers.put(layer)
      change(.layer(layer))
    }
    documents.remove(oldest)
    change(.documentForgotten(version: oldest))
  }
}
