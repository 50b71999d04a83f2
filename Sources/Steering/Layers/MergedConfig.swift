import GRPC
import Wire

/// A document in a layer, as one part of a host's config.
struct LayerVersion: Hashable, Sendable {
  let selector: String
  let version: UInt64
}

/// What a host is meant to run: its layers' documents, merged, packed and hashed. Shared by all hosts with
/// the same ones.
final class MergedConfig: Sendable {
  /// The documents, weakest first; none: nothing but the host's local file is meant to hold.
  let layers: [LayerVersion]
  let config: CollectorConfig
  let packed: [UInt8]
  let sha256: [UInt8]

  init(layers: [LayerVersion], config: CollectorConfig) {
    self.layers = layers
    self.config = config
    packed = config.packed
    sha256 = SHA256.digest(of: packed)
  }

  /// The config that says nothing: what a host is offered that runs something and is meant to run nothing.
  static let nothing = MergedConfig(layers: [], config: ConfigLayers([]).merged)

  var isNothing: Bool { layers.isEmpty }

  /// The newest document in it.
  var version: UInt64 { layers.map(\.version).max() ?? 0 }

  func contains(_ version: UInt64, of selector: String) -> Bool {
    layers.contains(LayerVersion(selector: selector, version: version))
  }
}

/// Merges each combination of documents once, however many hosts have it.
struct ConfigMerger: Sendable {
  private var byLayers: [[LayerVersion]: MergedConfig] = [:]
  private var byHash: [[UInt8]: MergedConfig] = [:]

  /// What these come to.
  mutating func merged(_ layers: [LayerVersion], _ shelf: DocumentShelf) -> MergedConfig {
    guard !layers.isEmpty else { return .nothing }
    if let known = byLayers[layers] { return known }
    if byLayers.count >= SteeringLimits.mergedConfigs { (byLayers, byHash) = ([:], [:]) }
    let merged = Self.merge(layers, shelf)
    byLayers[layers] = merged
    byHash[merged.sha256] = merged
    return merged
  }

  /// The labels that the config of this hash gives, if it is known.
  func labels(of sha256: [UInt8]) -> [Label] { byHash[sha256]?.config.labels ?? [] }

  /// What these come to, without keeping it.
  static func merge(_ layers: [LayerVersion], _ shelf: DocumentShelf) -> MergedConfig {
    MergedConfig(
      layers: layers,
      config: ConfigLayers(
        layers.map {
          ConfigLayers.Layer(selector: $0.selector, version: $0.version, config: shelf.config($0.version))
        }
      ).merged)
  }
}
