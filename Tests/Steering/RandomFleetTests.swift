import GRPC
import Testing
import Wire

@testable import Steering

/// Twenty hosts, good and bad configs, cuts and restarts, from a seed. A failing seed fails again.
@Suite struct RandomFleetTests {
  @Test(arguments: 0..<10)
  func aFleetEndsWhereItIsMeantToBe(batch: UInt64) async throws {
    var total = RandomFleet.Tally()
    for seed in (batch * 10)..<(batch * 10 + 10) {
      let tally = try RandomFleet(seed: seed).play()
      total.poisonous += tally.poisonous
      total.quarantined += tally.quarantined
      total.completed += tally.completed
      await Task.yield()
    }
    #expect(total.poisonous > 10 && total.quarantined > 10 && total.completed > 10)
  }
}

/// One play.
final class RandomFleet {
  private let seed: UInt64
  private let stage = Stage()
  private var random: RandomSource
  private var pushes = 0
  /// Configs that do harm.
  private var poisonous: Set<[UInt8]> = []
  /// What a wave of each rollout began with: checked once.
  private var begun: Set<[UInt64]> = []

  init(seed: UInt64) {
    self.seed = seed
    random = RandomSource(seed: seed)
  }

  func play() throws -> Tally {
    stage.addHosts(12, "web")
    stage.addHosts(8, "db")
    stage.witness = { [unowned self] _, send in witness(send) }
    for _ in 0..<120 {
      act()
      stage.pass(.milliseconds(random.next(8000)))
    }
    try calm()
    try judge()
    return Tally(
      poisonous: poisonous.count,
      quarantined: stage.memory.documents.values.filter { !$0.quarantined.isEmpty }.count,
      completed: stage.memory.rollouts.values.filter { $0.state == .completed }.count)
  }

  /// What happened in a play: a test that saw nothing happen shows nothing.
  struct Tally {
    var poisonous = 0
    var quarantined = 0
    var completed = 0
  }

  private func act() {
    let name = stage.hosts.keys.sorted()[random.next(20)]
    switch random.next(14) {
    case 0...4: breakOff(name)
    case 5: kill(name)
    case 6: stage.restart(losing: random.next(2) == 0)
    case 7: pushPoison()
    case 8, 9: push("interval: \(1 + random.next(50))s\n")
    case 10: _ = try? stage.rollBack(selectors[random.next(selectors.count)])
    case 11: steer([.pause, .abort, .promote][random.next(3)])
    case 12: stage.hosts[name]?.pace = .milliseconds(random.next(6000))
    default: steer(.resume)
    }
  }

  private let poisons = ["refuse", "fail", "unconfirmed", "cpu", "memory", "sources", "gone", "die"]
  private let selectors = ["", "role=web", "role=db", "instance=web-3", "role=web,instance!=web-1"]

  /// Each is another document: an operator may push again what he aborted, and that is no fault.
  private func pushPoison() {
    pushes += 1
    push("labels: {poison: \(poisons[random.next(poisons.count)]), push: \"\(pushes)\"}\n")
  }

  private func push(_ yaml: String) {
    _ = try? stage.push(
      yaml, to: selectors[random.next(selectors.count)], waves: ["1", "25%", "100%"],
      soak: UInt32(10_000 + random.next(5000)))
  }

  private func steer(_ action: RolloutAction) {
    let ids = stage.steering.rollouts(ListRolloutsRequest(), at: stage.now).map(\.id)
    if !ids.isEmpty { _ = try? stage.steer(action, ids[random.next(ids.count)]) }
  }

  /// The connection breaks; both sides find out in their own time.
  private func breakOff(_ name: String) {
    stage.lose(name, heardAfter: .milliseconds(random.next(3000)))
    stage.after(.milliseconds(random.next(random.next(4) == 0 ? 60_000 : 15_000))) { $0.connect(name) }
  }

  /// The collector is killed, and starts again.
  private func kill(_ name: String) {
    guard stage.hosts[name]?.isGone == false else { return }
    stage.lose(name, heardAfter: .zero)
    stage.hosts[name]?.isGone = true
    stage.after(.milliseconds(1 + random.next(5000))) { $0.revive(name) }
  }

  /// Nothing more happens, and everyone comes back.
  private func calm() throws {
    for _ in 0..<60 {
      for rollout in stage.steering.rollouts(ListRolloutsRequest(), at: stage.now)
      where rollout.state == .paused {
        try stage.steer(.resume, rollout.id)
      }
      stage.pass(.seconds(60))
      for name in stage.hosts.keys.sorted() { stage.revive(name) }
      if stage.steering.rollouts(ListRolloutsRequest(), at: stage.now).isEmpty { break }
    }
    stage.pass(.seconds(120))
  }

  private func judge() throws {
    #expect(stage.steering.rollouts(ListRolloutsRequest(), at: stage.now).isEmpty, "seed \(seed)")
    for name in stage.hosts.keys.sorted() {
      guard let host = stage.hosts[name] else { continue }
      let meant = try stage.steering.explain(name).sha256
      let runs = host.running == CollectorConfig(schema: ConfigSchema.version) ? [] : host.runningSHA256
      // A config that failed on a host is not tried there again.
      if runs != meant { #expect(host.failed.contains(meant), "seed \(seed): \(name)") }
      #expect(host.poison(host.running).isEmpty, "seed \(seed): \(name)")
      let bad = host.offers.filter(poisonous.contains)
      #expect(Set(bad).count == bad.count, "seed \(seed): \(name) was offered a bad config twice")
    }
    #expect(stage.memory == stage.memory.restoredAndWritten(at: stage.now), "seed \(seed)")
  }

  // MARK: What must hold whenever something is sent

  private func witness(_ send: SteeringSend) {
    switch send {
    case .offer(let id, let update): witness(update, to: id)
    case .confirm(let id, let sha256):
      let config = stage.memory.hostConfigs[id]
      #expect(config?.sha256 == sha256 && config?.state == .verified, "seed \(seed)")
    case .rolloutMoved, .standingChanged: break
    }
  }

  private func witness(_ update: ConfigUpdate, to id: String) {
    let memory = stage.memory
    let config = try? CollectorConfig(packed: update.config)
    if config?.labels.contains(where: { $0.name == "poison" }) ?? true { poisonous.insert(update.sha256) }
    let known = memory.hostConfigs[id]
    #expect(known?.sha256 == update.sha256, "seed \(seed): an offer is remembered before it is made")
    #expect(!memory.quarantinedConfigs.contains { $0.sha256 == update.sha256 }, "seed \(seed)")
    #expect(stage.hosts[String(id.dropFirst(3))]?.failed.contains(update.sha256) == false, "seed \(seed)")
    guard let rollout = memory.rollouts[update.rollout], !rollout.isOver, rollout.state != .rollingBack,
      let part = memory.rolloutHosts[rollout.id]?[id]
    else { return }
    #expect(part.wave < rollout.wavesBegun, "seed \(seed): \(id) is in a wave that has not begun")
    guard part.wave > 0, begun.insert([rollout.id, UInt64(part.wave)]).inserted else { return }
    let earlier = memory.rolloutHosts[rollout.id]?.values.filter { $0.wave < part.wave && $0.isCounted } ?? []
    let open = earlier.filter {
      $0.state != .verified && stage.hosts[String($0.hostID.dropFirst(3))]?.isConnected ?? false
    }
    #expect(open.isEmpty, "seed \(seed): wave \(part.wave + 1) of rollout \(rollout.id) began too early")
    #expect(earlier.contains { $0.state == .verified }, "seed \(seed)")
  }
}

extension SteeringSnapshot {
  /// What is remembered after a restart that nothing follows: the same.
  fileprivate func restoredAndWritten(at now: Moment) -> SteeringSnapshot {
    var steering = Steering(restoring: self, at: now)
    var snapshot = self
    while let output = steering.takeOutput() { output.changes.forEach { snapshot.apply($0) } }
    return snapshot
  }
}

/// SplitMix64: the same numbers for the same seed, for ever.
struct RandomSource {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// 0 or more, less than `bound`.
  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ mixed >> 31) % UInt64(max(bound, 1)))
  }
}
