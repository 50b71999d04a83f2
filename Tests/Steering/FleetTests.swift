import GRPC
import Testing
import Wire

@testable import Steering

@Suite struct FleetTests {
  @Test func aHostThatWasOfflineGetsTheNewestAndNeverTheHistory() throws {
    let stage = Stage()
    stage.addHosts(3)
    stage.cut("web-3")
    for (id, interval) in ["10s", "15s", "20s"].enumerated() {
      try stage.push("interval: \(interval)\n", soak: 0)
      stage.pass(until: .completed, of: UInt64(id + 1))
    }
    stage.connect("web-3")
    stage.pass(.seconds(1))
    #expect(stage.running == ["web-1 20s", "web-2 20s", "web-3 20s"])
    #expect(stage.hosts["web-3"]?.offers.count == 1)
    #expect(stage.hosts["web-1"]?.offers.count == 3)
  }

  /// Simulated fleets found it: the way back failed there before, and it stayed on the bad config for ever.
  @Test func whoCannotGoBackDoesNotStayOnABadConfig() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed)
    let before = try #require(stage.hosts["web-1"]?.runningSHA256)
    try stage.push("labels: {poison: cpu}\n", waves: ["100%"], soak: 60_000)
    stage.pass(until: .soaking, of: 2)
    stage.say(.failed, before, "web-1", "no such device")
    stage.pass(until: .rolledBack, of: 2)
    stage.pass(.seconds(60))
    #expect(stage.hosts["web-1"]?.runningSHA256 == MergedConfig.nothing.sha256)
    #expect(stage.hosts["web-1"]?.trialEnds == nil)
    #expect(stage.hosts["web-1"]?.offers.count == 3)
    #expect(stage.standing("web-1") == .failed)
  }

  /// Simulated fleets found it: a host that could not confirm its way back to nothing stayed on the bad config.
  @Test func theConfigThatSaysNothingIsOfferedAgain() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 60_000)
    stage.pass(until: .soaking)
    stage.say(.rolledBack, MergedConfig.nothing.sha256, "web-1", "not confirmed")
    try stage.steer(.abort)
    stage.pass(.seconds(25))
    #expect(stage.hosts["web-1"]?.offers.count == 1)
    stage.pass(.seconds(10))
    #expect(stage.hosts["web-1"]?.offers.count == 2)
    #expect(stage.hosts["web-1"]?.runningSHA256 == MergedConfig.nothing.sha256)
  }

  /// Simulated fleets found it: a host cut off while it went back said ROLLED_BACK for the good config, was never
  /// offered that again, and stayed on the bad one.
  @Test func whoWasCutOffOnTheWayBackIsBroughtBackLater() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed)
    try stage.push("interval: 20s\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed, of: 2)
    try stage.rollBack()
    stage.witness = { stage, send in
      if case .confirm = send { stage.lose("web-1", heardAfter: .zero) }
    }
    stage.pass(.seconds(40))
    #expect(stage.running == ["web-1 20s"])
    #expect(stage.hosts["web-1"]?.status.state == .rolledBack)
    stage.witness = { _, _ in }
    stage.connect("web-1")
    stage.pass(.seconds(60))
    #expect(stage.running == ["web-1 10s"])
    #expect(stage.standing("web-1") == .verified)
    #expect(stage.hosts["web-1"]?.trialEnds == nil)
  }

  /// Simulated fleets found it: the request said what ran before, and the aggregator believed that it still did.
  @Test func aWatchThatIsOvertakenByAStatusDoesNotCount() throws {
    let stage = Stage()
    stage.addHosts(1)
    stage.hosts["web-1"]?.pace = .seconds(10_000)
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 0, gates: Gates(verifiedRatio: -1))
    stage.pass(.milliseconds(100))
    let sha256 = try #require(stage.hosts["web-1"]?.offers.last)
    stage.cut("web-1")
    stage.hosts["web-1"]?.isConnected = true
    stage.tell { engine, now in
      let id = "id-web-1"
      let applied = ConfigStatus(sha256: sha256, state: .applied, runningSHA256: sha256)
      engine.attached(id, status: applied, at: now)
      engine.status(id, ConfigStatus(sha256: sha256, state: .rolledBack), at: now)
      engine.watching(id, WatchConfigRequest(hostID: id, runningSHA256: sha256, schema: 1), at: now)
    }
    stage.hosts["web-1"]?.pace = .seconds(1)
    stage.pass(until: .completed)
    stage.pass(.seconds(40))
    #expect(stage.hosts["web-1"]?.offers.count == 2)
    #expect(stage.running == ["web-1 10s"])
  }

  @Test func whatWasNotConfirmedIsTriedAgainAfterARestAndNotForEver() throws {
    let stage = Stage()
    stage.addHosts(40)
    try stage.push("labels: {poison: unconfirmed@web-5}\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed)
    #expect(try stage.troubled() == ["web-5 rolled back"])
    stage.pass(.seconds(29))
    #expect(stage.hosts["web-5"]?.offers.count == 1)
    stage.pass(.seconds(31))
    #expect(stage.hosts["web-5"]?.offers.count == 2)
    stage.pass(.seconds(300))
    stage.cut("web-5")
    stage.connect("web-5")
    stage.pass(.seconds(100))
    #expect(stage.hosts["web-5"]?.offers.count == 2)
    #expect(stage.standing("web-5") == .failed)
  }

  /// Simulated fleets found it: what was known of a first interruption hid what the host said of the second.
  @Test func whatAHostSaysAtItsWatchCountsAlsoAfterAnInterruption() throws {
    let stage = Stage()
    stage.addHosts(2)
    try stage.push(
      "labels: {poison: die@web-1}\n", waves: ["100%"], soak: 5_000, gates: Gates(verifiedRatio: 0.5))
    stage.pass(.seconds(4))
    #expect(stage.hosts["web-1"]?.offers.count == 1)
    stage.cut("web-1")
    stage.pass(until: .completed)
    let sha256 = try #require(stage.hosts["web-1"]?.offers.last)
    stage.hosts["web-1"]?.failed = [sha256]
    stage.hosts["web-1"]?.status = ConfigStatus()
    stage.connect("web-1")
    stage.pass(.seconds(5))
    #expect(stage.hosts["web-1"]?.offers.count == 1)
  }

  @Test func aHostThatComesDuringARolloutIsInItsLastWave() throws {
    let stage = Stage()
    stage.addHosts(4)
    try stage.push("interval: 10s\n", waves: ["1", "100%"], soak: 10_000)
    stage.pass(until: .soaking)
    stage.add("web-9", [Label("role", "web")])
    #expect(try stage.rollout().waveHosts == [1, 5])
    stage.pass(.seconds(9))
    #expect(stage.hosts["web-9"]?.offers == [])
    stage.pass(.seconds(3))
    #expect(stage.hosts["web-9"]?.offers.count == 1)
    stage.add("web-10", [Label("role", "web")])
    stage.pass(until: .completed)
    #expect(try stage.rollout().counts == [RolloutCount(state: .verified, hosts: 6)])
    stage.add("web-11", [Label("role", "web")])
    stage.pass(.seconds(1))
    #expect(stage.running.allSatisfy { $0.hasSuffix(" 10s") } && stage.running.count == 7)
  }

  @Test func whoIsRetiredForgottenOrRelabelledLeavesTheRollout() throws {
    let stage = Stage()
    stage.addHosts(6)
    try stage.push("interval: 10s\n", to: "role=web", waves: ["1", "100%"], soak: 10_000)
    stage.pass(until: .soaking)
    let waiting = stage.hosts.keys.sorted().filter { !stage.offered.contains($0) }
    stage.change(waiting[0], isRetired: true)
    stage.forget(waiting[1])
    stage.change(waiting[2], labels: [])
    #expect(try stage.rollout().waveHosts == [1, 3])
    stage.pass(until: .completed)
    #expect(try stage.rollout().counts == [RolloutCount(state: .verified, hosts: 3)])
    #expect(stage.memory.hostConfigs["id-\(waiting[1])"] == nil)
    #expect(stage.hosts[waiting[2]]?.offers == [])
    // Retired hosts that are there nevertheless run what their layers say.
    #expect(stage.hosts[waiting[0]]?.offers.count == 1)
  }

  @Test func theOnlyHostOfAWaveLeavesAndTheRolloutGoesOn() throws {
    let stage = Stage()
    stage.addHosts(3)
    for name in stage.hosts.keys { stage.hosts[name]?.pace = .seconds(20) }
    try stage.push("interval: 10s\n", waves: ["1", "100%"], soak: 1000)
    stage.pass(.seconds(5))
    let first = try #require(stage.offered.first)
    stage.change(first, isRetired: true)
    stage.pass(.seconds(5))
    #expect(stage.offered.count == 2, "another one is tried before all are")
    #expect(try stage.rollout().waveHosts == [1, 2])
    stage.pass(until: .completed)
    #expect(try stage.rollout().history[1].hasSuffix("takes the place of hosts that went away"))
    stage.change(first)
    stage.pass(.seconds(100))
    #expect(stage.running == ["web-1 10s", "web-2 10s", "web-3 10s"])
  }

  @Test func anInterruptedHostIsTriedAgainOnlyAfterTheRollout() throws {
    let stage = Stage()
    stage.addHosts(40)
    try stage.push("labels: {poison: die@web-5}\n", waves: ["100%"], soak: 20_000)
    stage.pass(.seconds(15))
    #expect(stage.hosts["web-5"]?.offers.count == 1)
    #expect(stage.standing("web-5") == .rolledBack)
    #expect(try stage.troubled() == ["web-5 rolled back"])
    stage.pass(until: .completed)
    stage.pass(.seconds(100))
    // It died once more, and the collector had enough.
    #expect(stage.hosts["web-5"]?.offers.count == 2)
    #expect(stage.standing("web-5") == .failed)
    stage.cut("web-5")
    stage.connect("web-5")
    stage.pass(.seconds(100))
    #expect(stage.hosts["web-5"]?.offers.count == 2)
  }

  @Test func anOfferThatNeverArrivedIsMadeAgain() throws {
    let stage = Stage()
    stage.addHosts(1)
    stage.witness = { stage, send in
      if case .offer = send { stage.lose("web-1", heardAfter: .seconds(1)) }
    }
    try stage.push("interval: 10s\n", soak: 0)
    stage.pass(.seconds(2))
    #expect(stage.offered.isEmpty)
    stage.witness = { _, _ in }
    stage.connect("web-1")
    stage.pass(until: .completed)
    #expect(stage.running == ["web-1 10s"])
  }

  @Test func anOfferThatArrivedIsNotMadeAgain() throws {
    let stage = Stage()
    stage.addHosts(1)
    stage.hosts["web-1"]?.pace = .seconds(5)
    try stage.push("interval: 10s\n", soak: 0)
    stage.pass(.seconds(1))
    stage.cut("web-1")
    stage.connect("web-1")
    stage.pass(until: .completed)
    #expect(stage.hosts["web-1"]?.offers.count == 1)
    #expect(stage.running == ["web-1 10s"])
  }

  @Test func whatIsOnItsWayIsOvertakenByWhatIsMeant() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("interval: 10s\n", soak: 0)
    stage.pass(until: .completed)
    stage.hosts["web-1"]?.pace = .seconds(5)
    try stage.push("interval: 15s\n")
    stage.pass(.seconds(1))
    try stage.steer(.abort)
    stage.pass(.seconds(20))
    #expect(try stage.rollout(2).state == .rolledBack)
    #expect(stage.running == ["web-1 10s"])
    #expect(stage.standing("web-1") == .verified)
  }

  @Test func twoRolloutsAtOnceDoNotDisturbEachOther() throws {
    let stage = Stage()
    stage.addHosts(5, "web")
    stage.addHosts(5, "db")
    try stage.push("interval: 10s\n", to: "role=web", soak: 5000)
    try stage.push("labels: {poison: fail}\n", to: "role=db", soak: 5000)
    stage.pass(until: .rolledBack, of: 2)
    #expect(try stage.rollout(1).state != .completed)
    stage.pass(until: .completed, of: 1)
    #expect(stage.running == (1...5).map { "db-\($0) local" } + (1...5).map { "web-\($0) 10s" })
    #expect(stage.offered.filter { $0.hasPrefix("db") }.count == 1)
  }

  @Test func confirmIsSaidAgainToAHostThatWaitsForIt() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("interval: 10s\n", soak: 0)
    stage.pass(until: .completed)
    #expect(stage.confirms == ["web-1"])
    stage.cut("web-1")
    stage.connect("web-1")
    #expect(stage.confirms.count > 1)
    #expect(stage.standing("web-1") == .verified)
  }

  @Test func aHostThatLostItsStateIsBroughtBack() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("interval: 10s\n", soak: 0)
    stage.pass(until: .completed)
    stage.cut("web-1")
    stage.hosts["web-1"]?.running = nil
    stage.hosts["web-1"]?.good = nil
    stage.hosts["web-1"]?.status = ConfigStatus()
    stage.connect("web-1")
    #expect(stage.standing("web-1") == .received)
    stage.pass(.seconds(1))
    #expect(stage.running == ["web-1 10s"])
    #expect(stage.standing("web-1") == .verified)
  }

  @Test func whatAHostSaysOfOthersIsPassedOver() {
    var steering = Steering(
      restoring: SteeringSnapshot(), at: Moment(instant: Instant(nanoseconds: 0), wallMicroseconds: 0))
    let now = Moment(instant: Instant(nanoseconds: 5), wallMicroseconds: 5)
    steering.status("nobody", ConfigStatus(sha256: [1], state: .failed), at: now)
    steering.watching("nobody", WatchConfigRequest(hostID: "nobody"), at: now)
    steering.watchEnded("nobody", at: now)
    steering.detached("nobody", at: now)
    steering.hostForgotten("nobody", at: now)
    steering.tick(at: now) { _ in nil }
    #expect(
      steering.takeOutput() == nil && steering.nextDeadline == nil && steering.standing(of: "nobody") == nil)
  }
}
