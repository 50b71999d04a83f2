import GRPC
import Testing
import Wire

@testable import Steering

@Suite struct RolloutTests {
  @Test func aGoodConfigGoesWaveByWave() throws {
    let stage = Stage()
    stage.addHosts(8)
    let pushed = try stage.push("interval: 10s\n", waves: ["1", "25%", "100%"], soak: 10_000)
    #expect(pushed.state == .rolling && pushed.version == 1 && pushed.waveHosts == [1, 2, 8])

    stage.pass(until: .soaking)
    #expect(stage.offered.count == 1)
    #expect(try stage.rollout().counts == [RolloutCount(state: .verified, hosts: 1)])
    stage.pass(.seconds(9))
    #expect(stage.offered.count == 1)
    stage.pass(.seconds(2))
    #expect(stage.offered.count == 2)
    stage.pass(.seconds(11))
    #expect(stage.offered.count == 8)
    #expect(try stage.rollout().state == .soaking)
    stage.pass(.seconds(11))

    let done = try stage.rollout()
    #expect(done.state == .completed && done.counts == [RolloutCount(state: .verified, hosts: 8)])
    #expect(
      done.history == [
        "wave 1 of 3 began with 1 host", "wave 1: 1 host verified in 0.2 s",
        "wave 2 of 3 began with 1 host", "wave 2: 1 host verified in 0.2 s",
        "wave 3 of 3 began with 6 hosts", "wave 3: 6 hosts verified in 0.2 s", "completed",
      ])
    #expect(stage.running == (1...8).map { "web-\($0) 10s" })
    #expect(stage.hosts.values.allSatisfy { $0.offers.count == 1 && $0.trialEnds == nil })
    #expect(stage.notes.map(\.action) == ["config.wave", "config.wave", "config.wave", "config.completed"])
    #expect(stage.standing("web-3") == .verified)
  }

  @Test(arguments: [
    ("refuse", "wave 1: 1 of 1 hosts failed; web-1: refused: interval is too short for this host"),
    ("fail", "wave 1: 1 of 1 hosts failed; web-1: failed: no such device"),
    ("unconfirmed", "wave 1: 1 of 1 hosts failed; web-1: rolled back: not confirmed"),
    ("cpu", "wave 1: web-1: its collector uses 3% of a CPU, before it was 1%"),
    ("memory", "wave 1: web-1: its collector has 85.8 MiB resident, before it was 19.1"),
    ("sources", "wave 1: web-1: 2 of its sources fail, before it were 1"),
    ("gone", "wave 1: 1 of 1 hosts went silent: web-1"),
    ("die", "wave 1: 1 of 1 hosts failed; web-1: rolled back: the collector ended while it tried"),
  ])
  func aBadConfigStopsInItsFirstWaveAndGoesBack(poison: String, reason: String) throws {
    let stage = Stage()
    stage.addHosts(6)
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed)

    try stage.push("interval: 1s\nlabels: {poison: \(poison)}\n", waves: ["1", "50%", "100%"])
    stage.pass(until: .rolledBack, of: 2)
    let rollout = try stage.rollout(2)
    #expect(rollout.state == .rolledBack)
    let first = try #require(stage.hosts.values.first { $0.offers.count > 1 }?.host.instance)
    #expect(rollout.reason == reason.replacing("web-1", with: first))
    #expect(stage.hosts.values.filter { $0.offers.count > 1 }.count == 1, "nobody outside the first wave")

    // A host that went away on its way to the bad config is brought back when it comes.
    stage.revive(first)
    stage.pass(.seconds(60))
    #expect(stage.running == (1...6).map { "web-\($0) 10s" })

    let again = refusal { try stage.push("interval: 1s\nlabels: {poison: \(poison)}\n") }
    #expect(again?.code == .failedPrecondition)
    #expect(again?.message.hasPrefix("version 2 says the same, and is quarantined (wave 1: ") ?? false)
    #expect(stage.steering.document(2)?.quarantined == rollout.reason)
    #expect(stage.steering.document(1)?.current == true)
    #expect(
      stage.notes.map(\.action).filter { $0.hasPrefix("config.") }.suffix(2) == [
        "config.halted", "config.rolled_back",
      ])
  }

  @Test func aFewFailuresInALargeWaveAreBorne() throws {
    let stage = Stage()
    stage.addHosts(40)
    try stage.push("labels: {poison: refuse@web-7}\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed)
    #expect(try stage.rollout().state == .completed)
    #expect(try stage.troubled() == ["web-7 refused"])
    #expect(stage.hosts["web-7"]?.running == nil)
    #expect(stage.standing("web-7") == .refused)
  }

  @Test func gatesCanBeSwitchedOff() throws {
    let stage = Stage()
    stage.addHosts(3)
    let gates = Gates(verifiedRatio: -1, cpuFactor: -1)
    try stage.push("labels: {poison: refuse@web-1}\n", waves: ["100%"], soak: 1000, gates: gates)
    stage.pass(until: .completed)
    #expect(try stage.rollout().state == .completed)
    try stage.push("labels: {poison: cpu}\n", waves: ["100%"], soak: 30_000, gates: gates)
    stage.pass(until: .completed, of: 2)
    #expect(try stage.rollout(2).state == .completed)
  }

  @Test func aHostThatTakesTooLongIsNotWaitedForForEver() throws {
    let stage = Stage()
    stage.addHosts(2)
    for name in ["web-1", "web-2"] { stage.hosts[name]?.pace = .seconds(3600) }
    try stage.push("interval: 10s\n", waves: ["1", "100%"])
    stage.pass(.seconds(59))
    #expect(try stage.rollout().state == .rolling)
    stage.pass(.seconds(2))
    #expect(try stage.rollout().state == .rollingBack)
    #expect(try stage.rollout().reason.hasSuffix("not verified within 60 s: it got as far as received"))
  }

  @Test func aHostThatSaidGoodbyeIsNotTakenForSilent() throws {
    let stage = Stage()
    stage.addHosts(4)
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 60_000)
    stage.pass(until: .soaking)
    stage.cut("web-2", saidGoodbye: true)
    stage.pass(until: .completed)
    #expect(try stage.rollout().state == .completed)
  }

  @Test func nothingIsSaidOfAConfigThatNobodyRanYet() throws {
    let stage = Stage()
    stage.add("web-1", connected: false)
    stage.add("web-2", connected: false)
    try stage.push("interval: 10s\n", waves: ["1", "100%"], soak: 5000)
    stage.pass(.seconds(600))
    #expect(try stage.rollout().state == .rolling)
    stage.connect("web-2")
    stage.pass(until: .completed)
    #expect(try stage.rollout().counts.contains(RolloutCount(state: .verified, hosts: 1)))
    stage.connect("web-1")
    stage.pass(.seconds(1))
    #expect(stage.running == ["web-1 10s", "web-2 10s"])
  }
}
