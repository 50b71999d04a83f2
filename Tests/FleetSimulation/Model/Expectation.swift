import GRPC
import Selection
import Steering
import Wire

/// What a host is to run, worked out from the records alone: its layers' documents, put on top of each other.
extension Witness {
  /// The hash; empty: nothing, and it may also run the config that says nothing.
  ///
  /// - Parameter rollout: as if the host were in a wave of it that has begun.
  func expected(for machine: Machine, holding rollout: StoredRollout? = nil) -> [UInt8] {
    var versions: [(selector: String, version: UInt64)] = []
    for layer in world.store.steering.layers.values where selects(layer.selector, machine) {
      let version = layer.selector == rollout?.selector ? rollout?.version ?? 0 : layer.current
      if version > 0 { versions.append((layer.selector, version)) }
    }
    versions.sort { ($0.selector.rank, $0.selector) < ($1.selector.rank, $1.selector) }
    return merged(versions)
  }

  private func merged(_ versions: [(selector: String, version: UInt64)]) -> [UInt8] {
    guard !versions.isEmpty else { return [] }
    let key = versions.map(\.version)
    if let known = hashes[key] { return known }
    let layers = versions.map { part in
      let yaml = world.store.steering.documents[part.version]?.yaml ?? ""
      let config = try? ConfigText.parse(yaml, file: "document")
      return ConfigLayers.Layer(
        selector: part.selector, version: part.version, config: config ?? CollectorConfig(schema: 1))
    }
    let sha256 = SHA256.digest(of: ConfigLayers(layers).merged.packed)
    hashes[key] = sha256
    return sha256
  }

  private func selects(_ selector: String, _ machine: Machine) -> Bool {
    if selectors[selector] == nil { selectors[selector] = try? Selector(parsing: selector) }
    return selectors[selector]?
      .matches(hostID: machine.hostID, instance: machine.name, labels: machine.labels) ?? false
  }
}

extension String {
  /// A layer with more conditions is stronger.
  fileprivate var rank: Int { isEmpty ? 0 : 1 + count { $0 == "," } }
}
