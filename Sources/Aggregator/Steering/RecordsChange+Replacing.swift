import Records
import Steering

extension [RecordsChange] {
  /// The same in the end, without what later changes of the same record make pointless.
  ///
  /// Only records that no other refers to are left out altogether; of layers and rollouts the first change stays,
  /// since others in between may refer to what it made.
  func withoutReplaced() -> [RecordsChange] {
    var later: Set<String> = []
    var first: [String: Int] = [:]
    for (index, change) in enumerated() {
      if let root = change.rootKey, first[root] == nil { first[root] = index }
    }
    let kept = indices.reversed().filter { index in
      if let leaf = self[index].leafKey { return later.insert(leaf).inserted }
      if let root = self[index].rootKey { return later.insert(root).inserted || first[root] == index }
      return true
    }
    return kept.reversed().map { self[$0] }
  }
}

extension RecordsChange {
  /// Names a record that is always written as a whole and that no other record refers to.
  fileprivate var leafKey: String? {
    guard case .steering(let change) = self else { return nil }
    switch change {
    case .hostConfig(let host): return "host \(host.hostID)"
    case .rolloutHost(let rollout, let host): return "part \(rollout) \(host.hostID)"
    default: return nil
    }
  }

  /// Names a record that is always written as a whole and that others refer to.
  fileprivate var rootKey: String? {
    guard case .steering(let change) = self else { return nil }
    switch change {
    case .rollout(let rollout): return "rollout \(rollout.id)"
    case .layer(let layer): return "layer \(layer.selector)"
    default: return nil
    }
  }
}
