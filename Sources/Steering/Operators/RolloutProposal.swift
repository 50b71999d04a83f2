import GRPC
import Selection
import Wire

/// A rollout that an operator asks for, before it is known whether it can be.
struct RolloutProposal {
  /// The layer, as its selector's canonical text.
  let selector: String
  /// The version; that of a new document if it is pushed.
  let version: UInt64
  /// What it says; of version 0: nothing.
  let config: CollectorConfig
  let plan: RolloutPlan
  let author: String
  let message: String

  var sha256: [UInt8] { version == 0 ? [] : config.sha256 }
}

extension Steering {
  /// The layer that a request names.
  func layerName(_ text: String) throws(Status) -> (name: String, selector: Selector) {
    let selector = try Selector(request: text)
    return (selector.canonicalText, selector)
  }

  /// The hosts that take part: those that the selector selects and nobody retired.
  func members(_ selector: Selector) throws(Status) -> [SteeredHost] {
    let members = hosts.values.compactMap(\.host).filter { !$0.isRetired && selector.matches($0) }
    guard members.isEmpty else { return members.sorted { $0.hostID < $1.hostID } }
    throw Status(
      .failedPrecondition,
      "no host is selected by \(named(selector.canonicalText)); `muster hosts` shows the hosts and their labels"
    )
  }

  /// Refuses what would meet a rollout under way: hosts are in one at a time.
  func refuseOverlap(_ selector: String, _ members: [SteeredHost]) throws(Status) {
    for id in rollouts.keys.sorted() {
      guard let rollout = rollouts[id] else { continue }
      let shared = members.first { rollout.parts[$0.hostID] != nil }
      guard rollout.stored.selector == selector || shared != nil else { continue }
      let why = shared.map { "it has \($0.instance), too" } ?? "it is on the same layer"
      throw Status(
        .failedPrecondition,
        "rollout \(id) of version \(rollout.stored.version) to \(named(rollout.stored.selector)) is not over "
          + "(\(rollout.stored.state.word)), and \(why); wait for it, or `muster config abort \(id)`")
    }
    guard rollouts.count < SteeringLimits.activeRollouts else {
      throw Status(
        .resourceExhausted, "\(rollouts.count) rollouts are under way, and no more are possible; wait for one"
      )
    }
  }

  /// Refuses what is known to be bad for a host, or could not be accepted by it.
  func refuseUnfit(_ proposal: RolloutProposal, _ members: [SteeredHost]) throws(Status) {
    let table = layers.including(proposal.selector)
    var shelf = documents
    shelf.put(ConfigDocument(version: proposal.version), saying: proposal.config)
    var seen: Set<[LayerVersion]> = []
    for host in members {
      let versions = versions(of: host, in: table, with: proposal.selector, at: proposal.version)
      guard !versions.isEmpty, seen.insert(versions).inserted else { continue }
      let merged = ConfigMerger.merge(versions, shelf)
      if let reason = quarantine.reason(merged.sha256) {
        throw Status(
          .failedPrecondition,
          "\(host.instance) would come to run a config that is quarantined (\(reason)); change the document")
      }
      if let problem = merged.config.problems().first {
        throw Status(
          .invalidArgument,
          "merged with the other layers of \(host.instance): \(problem.key): \(problem.message); "
            + "`muster config explain` shows them")
      }
    }
  }

  /// The rollout as it would be, and who would be in which wave.
  func plan(
    _ proposal: RolloutProposal, _ members: [SteeredHost], id: UInt64, at now: Moment
  ) throws(Status) -> (StoredRollout, WavePlan.Deal) {
    let reachable = members.filter { hosts[$0.hostID]?.link.isReachable ?? false }
    let others = members.filter { !(hosts[$0.hostID]?.link.isReachable ?? false) }
    let deal = try WavePlan(proposal.plan.waves)
      .deal(reachable: reachable.map(\.hostID), others: others.map(\.hostID), rollout: id)
    let stored = StoredRollout(
      id: id, version: proposal.version, previousVersion: layers[proposal.selector]?.current ?? 0,
      selector: proposal.selector, sha256: proposal.sha256, waveHosts: deal.counts, plan: proposal.plan,
      createdMicroseconds: now.wallMicroseconds, author: proposal.author, message: proposal.message)
    return (stored, deal)
  }

  /// Sets a rollout going. Its first wave begins at the next tick.
  mutating func begin(_ stored: StoredRollout, _ deal: WavePlan.Deal, at now: Moment) -> Rollout {
    let parts = deal.wave.keys.sorted().map { hostID in
      StoredRolloutHost(hostID: hostID, wave: deal.wave[hostID] ?? 0)
    }
    let isNewLayer = layers[stored.selector] == nil
    if isNewLayer {
      let layer = StoredLayer(selector: stored.selector)
      layers.put(layer)
      change(.layer(layer))
    }
    rollouts[stored.id] = RolloutUnderWay(stored, parts: parts, movesFrom: now.instant)
    rolloutOfLayer[stored.selector] = stored.id
    store(stored.id)
    for part in parts {
      change(.rolloutHost(rollout: stored.id, part))
      hosts[part.hostID]?.rollouts.append(stored.id)
    }
    if isNewLayer { selectAnew() }
    return rollout(stored.id, at: now) ?? message(of: stored, at: now)
  }

  /// Works out again which layers select which hosts.
  private mutating func selectAnew() {
    for hostID in hosts.keys {
      guard let host = hosts[hostID]?.host else { continue }
      hosts[hostID]?.layers = layers.selecting(host)
    }
  }

  /// The id that the next rollout gets.
  var nextRollout: UInt64 { max(rollouts.keys.max() ?? 0, finished.keys.max() ?? 0) + 1 }

  /// A layer in a sentence.
  func named(_ selector: String) -> String { selector.isEmpty ? "the whole fleet" : "\"\(selector)\"" }

  /// Refuses texts that nobody could keep.
  func refuseLong(author: String, message: String) throws(Status) {
    for (name, text) in [("author", author), ("message", message)] {
      guard text.utf8.count > SteeringLimits.textBytes else { continue }
      throw Status(.invalidArgument, "\(name): at most \(SteeringLimits.textBytes) bytes are possible")
    }
  }
}
