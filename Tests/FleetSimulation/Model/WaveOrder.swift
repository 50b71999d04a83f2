import GRPC
import Steering
import VirtualTime
import Wire

/// The waves of one rollout, as they were seen.
struct WaveOrder {
  /// When each wave's first and last new offer was sent.
  var first: [UInt32: Instant] = [:]
  var last: [UInt32: Instant] = [:]
  /// An operator ended a soak.
  var wasPromoted = false
}

extension Witness {
  /// No host of a later wave is offered anything before the wave before it is through.
  func checkWave(_ host: Int, _ update: ConfigUpdate) {
    let steering = world.store.steering
    guard let rollout = steering.rollouts[update.rollout], !rollout.isOver, rollout.state != .rollingBack,
      let part = steering.rolloutHosts[rollout.id]?[world.machines[host].hostID]
    else { return }
    let (wave, now) = (part.wave, world.timeline.now)
    if wave >= rollout.wavesBegun {
      complain(host, "of wave \(wave + 1) is offered something before that wave was written down")
    }
    if waves[rollout.id, default: WaveOrder()].first[wave] == nil {
      if wave > 0 { checkBegin(of: wave, rollout, update.sha256, host) }
      waves[rollout.id, default: WaveOrder()].first[wave] = now
    }
    waves[rollout.id, default: WaveOrder()].last[wave] = now
  }

  private func checkBegin(of wave: UInt32, _ rollout: StoredRollout, _ sha256: [UInt8], _ host: Int) {
    checkSoak(of: wave, rollout, host)
    var tallies = [(verified: Int, failed: Int)](repeating: (0, 0), count: Int(wave))
    for (hostID, part) in world.store.steering.rolloutHosts[rollout.id] ?? [:] where part.wave < wave {
      guard let machine = machine(hostID) else { continue }
      let sight = sights[machine.index]
      let meant = expected(for: machine, holding: rollout)
      if sight.failed.contains(meant) {
        tallies[Int(part.wave)].failed += 1
      } else if sight.stamped[meant] != nil {
        tallies[Int(part.wave)].verified += 1
      } else if isOpen(sight, meant, rollout, part.wave) {
        complain(
          host,
          "of wave \(wave + 1) is offered something while \(machine.name) of wave \(part.wave + 1) is at it")
      }
    }
    for (number, tally) in tallies.enumerated() where tally.failed > 0 {
      let counted = tally.verified + tally.failed
      let ratio = rollout.plan.gates.verifiedRatio
      let wanted = ratio > 0 ? ratio : counted < 20 ? 1 : 0.95
      // Who failed and came around later is counted as failed here.
      guard Double(tally.verified) < wanted * Double(counted) else { continue }
      let isHonest = world.store.steering.rolloutHosts[rollout.id]?.values.contains { part in
        part.wave == number && part.state.isFailed
      }
      if isHonest == true {
        complain(
          host,
          "of wave \(wave + 1) is offered something, and of wave \(number + 1) \(tally.failed) of \(counted) failed"
        )
      }
    }
  }

  private func checkSoak(of wave: UInt32, _ rollout: StoredRollout, _ host: Int) {
    guard let before = waves[rollout.id]?.first[wave - 1], waves[rollout.id]?.wasPromoted == false else {
      return
    }
    let soak = Duration.milliseconds(Int64(rollout.plan.soakMilliseconds)) - slack
    if !rollout.plan.noSoak, world.timeline.now - before < soak {
      complain(
        host, "of wave \(wave + 1) is offered something before wave \(wave) was watched for long enough")
    }
  }

  /// What was decided is sent after it was written: so much later, at most. A transaction that fails is tried again
  /// each second.
  private var slack: Duration {
    world.weather.commit.upperBound * 2 + (world.weather.commitFailures > 0 ? .seconds(8) : .zero)
  }

  /// Whether a host was there when its wave began, was sent the config not long ago over a Watch that still holds,
  /// and has not answered yet.
  private func isOpen(_ sight: Sight, _ sha256: [UInt8], _ rollout: StoredRollout, _ wave: UInt32) -> Bool {
    guard sight.watches > 0, let sent = sight.sent[sha256], let began = waves[rollout.id]?.first[wave],
      sight.watchingSince <= began - slack, began <= sent
    else { return false }
    let time = Duration.milliseconds(
      Int64(rollout.plan.confirmWithinMilliseconds) + 3 * 5_000)
    // The clock runs from the beginning of the wave.
    return world.timeline.now - sent < time - .seconds(8)
  }

  func machine(_ hostID: String) -> Machine? { index(hostID).map { world.machines[$0] } }
}

extension ConfigState {
  fileprivate var isFailed: Bool { self == .failed || self == .refused || self == .rolledBack }
}
