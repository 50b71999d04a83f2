import GRPC
import Testing
import Wire

@testable import Steering

@Suite struct SteerTests {
  /// Six hosts, in the soak of the first of three waves.
  private func soaking() throws -> Stage {
    let stage = Stage()
    stage.addHosts(6)
    try stage.push("interval: 10s\n", waves: ["1", "2", "100%"], soak: 10_000)
    stage.pass(until: .soaking)
    return stage
  }

  @Test func pauseKeepsWhatIsLeftOfTheSoak() throws {
    let stage = try soaking()
    stage.pass(.seconds(4))
    let paused = try stage.steer(.pause)
    #expect(paused.state == .paused && paused.reason == "paused by ann" && paused.soakUntilMicroseconds == 0)
    stage.pass(.seconds(600))
    #expect(stage.offered.count == 1)
    #expect(try stage.steer(.resume).state == .soaking)
    stage.pass(.milliseconds(5500))
    #expect(stage.offered.count == 1)
    stage.pass(.seconds(1))
    #expect(stage.offered.count == 2)
    stage.pass(until: .completed)
    #expect(try stage.rollout().reason.isEmpty)
  }

  @Test func whilePausedNothingOfTheRolloutIsOffered() throws {
    let stage = Stage()
    stage.addHosts(2)
    for name in ["web-1", "web-2"] { stage.cut(name) }
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 0)
    stage.pass(.seconds(1))
    try stage.steer(.pause)
    stage.connect("web-1")
    stage.pass(.seconds(100))
    #expect(stage.offered.isEmpty)
    try stage.steer(.resume)
    stage.pass(.seconds(2))
    #expect(stage.running == ["web-1 10s", "web-2 local"])
  }

  @Test func abortTakesEverythingBackAndBlamesNothing() throws {
    let stage = try soaking()
    try stage.steer(.abort)
    stage.pass(until: .rolledBack)
    let rollout = try stage.rollout()
    #expect(rollout.reason == "aborted by ann")
    #expect(rollout.counts == [RolloutCount(state: .rolledBack, hosts: 1)])
    #expect(stage.steering.document(1)?.quarantined == "")
    #expect(
      stage.hosts.values.allSatisfy {
        ($0.running ?? $0.good).map { ConfigText.entries(of: $0).isEmpty } ?? true
      })
    try stage.push("interval: 10s\n", waves: ["100%"], soak: 0)
    stage.pass(until: .completed, of: 2)
    #expect(stage.running == (1...6).map { "web-\($0) 10s" })
  }

  @Test func promoteDoesNotWaitForTheRestOfTheSoak() throws {
    let stage = try soaking()
    try stage.steer(.promote)
    stage.pass(.milliseconds(10))
    #expect(stage.offered.count == 2)
  }

  @Test func whatIsNotPossibleIsRefusedWithTheReason() throws {
    let stage = try soaking()
    #expect(refusal { try stage.steer(.resume) }?.message == "rollout 1 is soaking: resume is not possible")
    #expect(refusal { try stage.steer(.pause, 7) }?.code == .notFound)
    #expect(refusal { try stage.steer(.unknown) }?.code == .invalidArgument)
    try stage.steer(.pause)
    #expect(
      refusal { try stage.steer(.promote) }?.message
        == "rollout 1 is paused: promote is not possible; resume it first")
    try stage.steer(.abort)
    #expect(refusal { try stage.steer(.abort) }?.message.contains("on its way back") ?? false)
    stage.pass(until: .rolledBack)
    #expect(refusal { try stage.steer(.pause, 1) }?.message == "rollout 1 is over: rolled back")
    #expect(refusal { try stage.steer(.pause) }?.message == "no rollout is under way")
  }

  @Test func withSeveralUnderWayOneMustBeNamed() throws {
    let stage = Stage()
    stage.addHosts(2, "web")
    stage.addHosts(2, "db")
    try stage.push("interval: 10s\n", to: "role=web")
    try stage.push("interval: 15s\n", to: "role=db")
    #expect(refusal { try stage.steer(.pause) }?.message == "rollouts 1, 2 are under way; say which")
    try stage.steer(.abort, 2)
    stage.pass(until: .completed, of: 1)
    #expect(stage.running.suffix(2) == ["web-1 10s", "web-2 10s"])
  }
}
