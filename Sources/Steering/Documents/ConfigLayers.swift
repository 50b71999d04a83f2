public import Wire

/// The documents that select one host, put on top of each other, weakest first: what is said later wins,
/// key by key.
public struct ConfigLayers: Hashable, Sendable {
  /// One document and where it is from.
  public struct Layer: Hashable, Sendable {
    /// Which hosts it is for; empty: the fleet.
    public var selector: String
    /// The document's version.
    public var version: UInt64
    /// The rollout that brought it here and is not over; 0: none.
    public var rollout: UInt64
    /// What it says.
    public var config: CollectorConfig

    /// A layer of these.
    public init(selector: String, version: UInt64, rollout: UInt64 = 0, config: CollectorConfig) {
      self.selector = selector
      self.version = version
      self.rollout = rollout
      self.config = config
    }
  }

  /// The layers, weakest first.
  public let layers: [Layer]

  /// These layers, weakest first.
  public init(_ layers: [Layer]) {
    self.layers = layers
  }

  /// What they come to; its lists are sorted by name. Without layers: a config that says nothing.
  ///
  /// A source that one layer wants more often than another lets the collector sample is read as often as the
  /// collector samples: neither layer is wrong by itself.
  public var merged: CollectorConfig {
    var strongest: [String: ConfigPiece] = [:]
    for layer in layers {
      for piece in ConfigPiece.all(of: layer.config) { strongest[piece.key] = piece }
    }
    var config = CollectorConfig(schema: layers.map(\.config.schema).max() ?? ConfigSchema.version)
    for (_, piece) in strongest.sorted(by: { $0.key < $1.key }) { piece.write(to: &config) }
    for index in config.sources.indices where config.sources[index].intervalMilliseconds > 0 {
      let interval = max(config.sources[index].intervalMilliseconds, config.intervalMilliseconds)
      config.sources[index].intervalMilliseconds = interval
    }
    return config
  }

  /// Every value they come to, where it is from and what it hides; in the order of `ConfigText.entries`.
  public var explained: [ExplainedValue] {
    let said = layers.flatMap { layer in
      ConfigPiece.all(of: layer.config).map { SaidPiece(layer: layer, piece: $0) }
    }
    let byKey = Dictionary(grouping: said, by: \.piece.key)
    return ConfigPiece.all(of: merged).flatMap { piece in
      Self.explain(piece, saidBy: byKey[piece.key] ?? [])
    }
  }

  /// The lines of a piece. What is hidden and has no line of its own (the `include` of a filter that now has
  /// an `exclude` only) stands at the first.
  private static func explain(_ piece: ConfigPiece, saidBy said: [SaidPiece]) -> [ExplainedValue] {
    guard let strongest = said.last else { return [] }
    let keys = piece.entries.map(\.key)
    return piece.entries.enumerated().map { position, entry in
      let hides = said.flatMap { other in
        other.piece.entries.compactMap { hidden -> String? in
          let isSame = other.piece == strongest.piece && other.layer == strongest.layer
          if hidden.key == entry.key {
            return isSame && hidden.value == entry.value
              ? nil : "\(hidden.value) (version \(other.layer.version))"
          }
          guard position == 0, !keys.contains(hidden.key) else { return nil }
          return "\(hidden.key) \(hidden.value) (version \(other.layer.version))"
        }
      }
      return ExplainedValue(
        key: entry.key, value: entry.value, version: strongest.layer.version,
        selector: strongest.layer.selector, hides: hides)
    }
  }
}

/// What one layer says of one thing.
private struct SaidPiece {
  let layer: ConfigLayers.Layer
  let piece: ConfigPiece
}
