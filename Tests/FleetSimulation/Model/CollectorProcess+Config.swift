import Collector
import GRPC
import Wire

/// Configuration: the keeper's actions, and what a config does to its host.
extension CollectorProcess {
  func take(_ update: ConfigUpdate) {
    world.witness.received(update, at: machine.index)
    keeper.offered(update, at: world.moment)
  }

  func perform(_ action: ConfigAction) {
    switch action {
    case .persist(let record): step { $0.persist(record) }
    case .apply(let settings, let sha256): step { $0.apply(settings, sha256) }
    case .say(let status):
      world.journal.note(machine.index, .says, "\(status.state) \(status.reason)")
      uplink.configStands(keeper.standing)
      if uplink.isAttached { uplink.report(.configStatus(status)) }
      if status.state == .applying { world.witness.tries(status.sha256, at: machine.index) }
      if status.state == .verified { world.witness.keeps(status.sha256, at: machine.index) }
    }
  }

  private func persist(_ record: String) {
    guard !crashesHere() else { return }
    if world.strikes(world.weather.diskFailures) {
      world.journal.note(machine.index, .fails, "its disk")
      world.witness.sights[machine.index].isDiskFull = true
      return keeper.persistFailed("the disk is full", at: world.moment)
    }
    world.journal.note(machine.index, .persists)
    machine.disk = record
    guard !crashesHere() else { return }
    keeper.persisted()
  }

  private func apply(_ settings: EffectiveSettings, _ sha256: [UInt8]) {
    guard !crashesHere() else { return }
    world.journal.note(machine.index, .applies)
    let failure = put(settings, sha256: sha256)
    guard isAlive, !crashesHere() else { return }
    if let failure {
      keeper.applyFailed(failure, at: world.moment)
    } else {
      keeper.applied(nextFrame: uplink.nextSequence, at: world.moment)
    }
  }

  /// Makes settings hold. Returns why they cannot.
  @discardableResult
  func put(_ settings: EffectiveSettings, sha256: [UInt8]) -> String? {
    world.witness.applies(settings, at: machine.index)
    let poison = settings.labels.first { $0.name == "poison" }.flatMap { Poison(rawValue: $0.value) }
    if poison == .fail { return "no such device" }
    if poison == .crash {
      _ = crashesHere(1)
      return nil
    }
    isCutOff = poison == .cut
    if isCutOff { cable?.cut(silently: false) }
    wantsFrame = wantsFrame || sha256 != stamp
    stamp = sha256
    uplink.resizeRing(settings.buffer)
    uplink.heartbeatsChanged(interval: settings.heartbeatInterval, at: world.moment)
    sampleEvery(settings.interval)
    return nil
  }
}
