public import Wire

/// What the keeper wants done, in order.
public enum ConfigAction: Hashable, Sendable {
  /// Replace the state file `config` by this text; durable when done. Answer with `persisted` or
  /// `persistFailed`.
  case persist(String)
  /// From now on these settings hold, and frames are stamped with this hash (empty: none but the local file).
  /// Answer with `applied` or `applyFailed`.
  case apply(EffectiveSettings, sha256: [UInt8])
  /// Tell the aggregator, and people.
  case say(ConfigStatus)
}
