import GRPC
import Testing
import Wire

@testable import Steering

@Suite struct RestartTests {
  /// Where the aggregator is killed: how to get there.
  enum Place: String, CaseIterable, CustomTestStringConvertible {
    case pushed, rolling, soaking, secondWave, paused, completed
    var testDescription: String { rawValue }
  }

  private func stage(_ place: Place) throws -> Stage {
    let stage = Stage()
    stage.addHosts(6)
    try stage.push("interval: 10s\n", waves: ["1", "3", "100%"], soak: 10_000)
    switch place {
    case .pushed: break
    case .rolling: stage.pass(.milliseconds(100))
    case .soaking: stage.pass(until: .soaking)
    case .secondWave: stage.pass(.milliseconds(10_250))
    case .paused:
      stage.pass(until: .soaking)
      try stage.steer(.pause)
    case .completed: stage.pass(until: .completed)
    }
    return stage
  }

  @Test(arguments: Place.allCases)
  func aRolloutGoesOnWhereItStood(place: Place) throws {
    let stage = try stage(place)
    let before = try stage.rollout()
    stage.restart()
    let after = try stage.rollout()
    #expect(after.state == before.state && after.wave == before.wave)
    #expect(verified(after) == verified(before))
    #expect(after.history == before.history && after.waveHosts == before.waveHosts)
    if place == .paused {
      stage.pass(.seconds(100))
      #expect(try stage.rollout().state == .paused)
      try stage.steer(.resume)
    }
    stage.pass(until: .completed)
    #expect(try stage.rollout().counts == [RolloutCount(state: .verified, hosts: 6)])
    #expect(stage.running == (1...6).map { "web-\($0) 10s" })
    #expect(stage.hosts.values.allSatisfy { $0.offers.count == 1 }, "nobody was offered it twice")
  }

  private func verified(_ rollout: Rollout) -> UInt32? {
    rollout.counts.first { $0.state == .verified }?.hosts
  }

  @Test(arguments: ["refuse", "gone", "cpu", "die"])
  func aBadRolloutIsStoppedAfterARestartToo(poison: String) throws {
    let stage = Stage()
    stage.addHosts(5)
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed)
    try stage.push("labels: {poison: \(poison)}\n", waves: ["1", "100%"])
    stage.pass(.milliseconds(150))
    stage.restart()
    stage.pass(until: .rolledBack, of: 2)
    #expect(try stage.rollout(2).state == .rolledBack)
    #expect(stage.hosts.values.filter { $0.offers.count > 1 }.count == 1)
    stage.restart()
    #expect(
      refusal { try stage.push("labels: {poison: \(poison)}\n") }?.message.contains("quarantined") ?? false)
    for name in stage.hosts.keys.sorted() { stage.revive(name) }
    stage.pass(.seconds(100))
    #expect(stage.running == (1...5).map { "web-\($0) 10s" })
  }

  @Test func aRestartOnTheWayBackEndsThere() throws {
    let stage = Stage()
    stage.addHosts(3)
    for name in stage.hosts.keys { stage.hosts[name]?.pace = .seconds(3) }
    try stage.push("interval: 10s\n", waves: ["100%"])
    stage.pass(until: .soaking)
    try stage.steer(.abort)
    stage.pass(.seconds(1))
    stage.restart()
    #expect(try stage.rollout().state == .rollingBack)
    stage.pass(until: .rolledBack)
    #expect(stage.running == (1...3).map { "web-\($0) nothing" })
  }

  @Test func hostsGetTimeToComeBackBeforeAnythingMoves() throws {
    let stage = try stage(.secondWave)
    stage.restart(returning: false)
    stage.pass(.seconds(29))
    #expect(try stage.rollout().state == .rolling)
    for name in stage.hosts.keys.sorted().dropLast() { stage.connect(name) }
    stage.pass(.seconds(4))
    #expect(try stage.rollout().state != .rollingBack)
  }

  @Test func hostsThatDoNotComeBackAreSilent() throws {
    let stage = try stage(.soaking)
    stage.restart(returning: false)
    stage.pass(.seconds(32))
    #expect(try stage.rollout().reason.hasPrefix("wave 1: 1 of 1 hosts went silent: "))
  }

  @Test func aSoakBeginsAnew() throws {
    let stage = try stage(.soaking)
    stage.pass(.seconds(8))
    stage.restart()
    stage.pass(.seconds(9))
    #expect(stage.offered.count == 1)
    stage.pass(.seconds(3))
    #expect(stage.offered.count == 3)
  }

  @Test func whatWasNotRememberedWasNotSent() throws {
    let stage = Stage()
    stage.addHosts(3)
    stage.pass(.seconds(1))
    _ = try stage.steeringPush("interval: 10s\n")
    stage.restart(losing: true)
    #expect(stage.steering.rollout(1, at: stage.now) == nil)
    stage.pass(.seconds(100))
    #expect(stage.offered.isEmpty)
    try stage.push("interval: 15s\n", soak: 0)
    stage.pass(until: .completed)
    #expect(stage.running == (1...3).map { "web-\($0) 15s" })
  }
}
