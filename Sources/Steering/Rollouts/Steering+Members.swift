import Wire

/// Who takes part in a rollout under way, as hosts come, change and go.
extension Steering {
  /// Brings a host's parts to what its labels and retirement say now.
  mutating func updateMembership(of hostID: String) {
    let record = hosts[hostID]
    let isThere = record?.host.map { !$0.isRetired } ?? false
    for id in rollouts.keys.sorted() {
      let belongs = isThere && record?.layers.contains(rollouts[id]?.stored.selector ?? "") ?? false
      let has = rollouts[id]?.parts[hostID] != nil
      if belongs, !has, rollouts[id]?.stored.state != .rollingBack { join(hostID, id) }
      if !belongs, has { leave(hostID, id) }
      if belongs, rollouts[id]?.parts[hostID] != nil, !(hosts[hostID]?.rollouts.contains(id) ?? true) {
        hosts[hostID]?.rollouts.append(id)
        hosts[hostID]?.rollouts.sort()
      }
    }
  }

  /// A host that came while the rollout was under way is in its last wave.
  private mutating func join(_ hostID: String, _ id: UInt64) {
    guard let part = rollouts[id]?.add(hostID) else { return }
    change(.rolloutHost(rollout: id, part))
    store(id)
  }

  /// A host that was retired, forgotten or is no longer selected has no part in it any more.
  private mutating func leave(_ hostID: String, _ id: UInt64) {
    guard rollouts[id]?.remove(hostID) ?? false else { return }
    hosts[hostID]?.rollouts.removeAll { $0 == id }
    change(.rolloutHostGone(rollout: id, hostID: hostID))
    store(id)
  }
}
