public import Wire

/// One thing that steering wants remembered over a restart.
///
/// Each is an upsert or a removal of one record, so a change that is written twice does no harm. They are
/// written in the order in which they come.
public enum SteeringChange: Hashable, Sendable {
  /// A document, with its YAML. `isCurrent` is not stored: layers say it.
  case document(ConfigDocument)
  /// An old document that nothing refers to is dropped.
  case documentForgotten(version: UInt64)
  /// The document may not be used again.
  case quarantine(version: UInt64, reason: String)
  /// The config of this hash, merged from layers, is never offered to anyone again.
  case quarantinedConfig(sha256: [UInt8], reason: String)
  /// The oldest of too many quarantined hashes is dropped.
  case quarantinedConfigForgotten(sha256: [UInt8])
  /// A layer's present document, and those it had before.
  case layer(StoredLayer)
  /// A rollout, whenever it moves.
  case rollout(StoredRollout)
  /// An old rollout is dropped.
  case rolloutForgotten(id: UInt64)
  /// A host's part in a rollout that is not over.
  case rolloutHost(rollout: UInt64, StoredRolloutHost)
  /// The host has no part in the rollout any more: retired, forgotten, or no longer selected.
  case rolloutHostGone(rollout: UInt64, hostID: String)
  /// The rollout is over and carries its result in itself: its hosts are dropped.
  case rolloutHostsForgotten(rollout: UInt64)
  /// What a host was offered, and what became of it.
  case hostConfig(StoredHostConfig)
  /// The host is forgotten.
  case hostConfigForgotten(hostID: String)
}
