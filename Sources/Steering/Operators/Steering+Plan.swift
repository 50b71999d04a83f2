public import Selection
public import Wire

/// What hosts would be meant to run if a layer had another document: the same for all of them.
public struct PlannedConfig: Hashable, Sendable {
  /// A packed CollectorConfig: all layers of the hosts, merged.
  public var packed: [UInt8]
  /// The hosts, by id.
  public var hosts: [String]
}

/// Asking what a document would do.
extension Steering {
  /// What the hosts that `selector` selects would be meant to run if its layer said `config`. Retired hosts are
  /// left out. Changes nothing.
  public func planned(_ config: CollectorConfig, for selector: Selector) -> [PlannedConfig] {
    let name = selector.canonicalText
    let table = layers.including(name)
    var hostsByLayers: [[LayerVersion]: [String]] = [:]
    for (hostID, record) in hosts {
      guard let host = record.host, !host.isRetired, selector.matches(host) else { continue }
      hostsByLayers[versions(of: host, in: table, with: name, at: Self.planned), default: []].append(hostID)
    }
    var hostsByConfig: [[UInt8]: [String]] = [:]
    for (layers, hosts) in hostsByLayers {
      hostsByConfig[merge(layers, planning: config).packed, default: []] += hosts
    }
    return hostsByConfig.map { PlannedConfig(packed: $0.key, hosts: $0.value.sorted()) }
      .sorted { $0.hosts[0] < $1.hosts[0] }
  }

  /// Stands for the version that the document does not have yet.
  private static let planned = UInt64.max

  private func merge(_ layers: [LayerVersion], planning config: CollectorConfig) -> CollectorConfig {
    ConfigLayers(
      layers.map { layer in
        ConfigLayers.Layer(
          selector: layer.selector, version: layer.version,
          config: layer.version == Self.planned ? config : documents.config(layer.version))
      }
    ).merged
  }
}
