import GRPC
import Wire

/// When everyone of a wave went away before there was a verdict.
extension Steering {
  /// Puts a host of a later wave into this one, so that the waves after it still begin with something known.
  /// With nobody left who can be reached, the rollout waits.
  mutating func substitute(in id: UInt64, at now: Moment, _ health: (String) -> HostHealth?) {
    guard let rollout = rollouts[id]?.stored, rollout.wavesBegun > 0, let hostID = substitute(in: id) else {
      return
    }
    rollouts[id]?.advance(hostID)
    enter([hostID], id, health)
    let name = hosts[hostID]?.name ?? hostID
    rollouts[id]?.note("wave \(rollout.wavesBegun): \(name) takes the place of hosts that went away")
    store(id)
    refresh(hostID)
    reconcile(hostID, at: now)
  }

  /// The first host of the waves to come that can be reached.
  private func substitute(in id: UInt64) -> String? {
    guard let rollout = rollouts[id] else { return nil }
    let waiting = rollout.parts.values.filter { part in
      part.stored.wave >= rollout.stored.wavesBegun && hosts[part.stored.hostID]?.link.isReachable ?? false
    }
    return waiting.map { (wave: $0.stored.wave, host: $0.stored.hostID) }.min { $0 < $1 }?.host
  }
}
