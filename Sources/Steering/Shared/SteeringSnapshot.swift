public import Wire

/// Everything that steering remembers over a restart: what all changes so far come to.
public struct SteeringSnapshot: Hashable, Sendable {
  /// Documents by version.
  public var documents: [UInt64: ConfigDocument] = [:]
  /// Hashes that are offered to nobody, and why; oldest first.
  public var quarantinedConfigs: [QuarantinedConfig] = []
  /// Layers by selector.
  public var layers: [String: StoredLayer] = [:]
  /// Rollouts by id.
  public var rollouts: [UInt64: StoredRollout] = [:]
  /// The hosts of rollouts that are not over: by rollout, then by host id.
  public var rolloutHosts: [UInt64: [String: StoredRolloutHost]] = [:]
  /// What hosts were offered, by host id.
  public var hostConfigs: [String: StoredHostConfig] = [:]

  /// Nothing remembered.
  public init() {}

  /// The snapshot after one change more.
  public mutating func apply(_ change: SteeringChange) {
    switch change {
    case .document(let document): documents[document.version] = document
    case .documentForgotten(let version): documents[version] = nil
    case .quarantine(let version, let reason): documents[version]?.quarantined = reason
    case .quarantinedConfig(let sha256, let reason):
      quarantinedConfigs.removeAll { $0.sha256 == sha256 }
      quarantinedConfigs.append(QuarantinedConfig(sha256: sha256, reason: reason))
    case .quarantinedConfigForgotten(let sha256): quarantinedConfigs.removeAll { $0.sha256 == sha256 }
    case .layer(let layer): layers[layer.selector] = layer
    case .rollout(let rollout): rollouts[rollout.id] = rollout
    case .rolloutForgotten(let id): (rollouts[id], rolloutHosts[id]) = (nil, nil)
    case .rolloutHost(let rollout, let host): rolloutHosts[rollout, default: [:]][host.hostID] = host
    case .rolloutHostGone(let rollout, let hostID): rolloutHosts[rollout]?[hostID] = nil
    case .rolloutHostsForgotten(let rollout): rolloutHosts[rollout] = nil
    case .hostConfig(let host): hostConfigs[host.hostID] = host
    case .hostConfigForgotten(let hostID): hostConfigs[hostID] = nil
    }
  }
}

/// A config that is offered to nobody.
public struct QuarantinedConfig: Hashable, Sendable {
  /// Of the packed config, merged from layers.
  public var sha256: [UInt8]
  /// Why.
  public var reason: String

  /// A config and why.
  public init(sha256: [UInt8], reason: String) {
    self.sha256 = sha256
    self.reason = reason
  }
}
