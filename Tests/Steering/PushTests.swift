import GRPC
import Testing
import Wire

@testable import Steering

@Suite struct PushTests {
  @Test(arguments: [
    ("intervall: 5s\n", "", "config:1:1: intervall"),
    ("interval: 5s\n", "role=", "the value is missing"),
    ("interval: 5s\n", "role~web", "character"),
    (String(repeating: "#", count: 70_000), "", "at most 65536"),
  ])
  func whatCannotBeReadIsAnInvalidArgument(yaml: String, selector: String, message: String) {
    let stage = Stage()
    stage.addHosts(2)
    let status = refusal { try stage.push(yaml, to: selector) }
    #expect(status?.code == .invalidArgument)
    #expect(status?.message.contains(message) ?? false, "\(status?.message ?? "accepted")")
    #expect(stage.memory == SteeringSnapshot())
  }

  @Test func withoutAHostNothingIsStored() {
    let stage = Stage()
    stage.addHosts(2)
    let status = refusal { try stage.push("interval: 5s\n", to: "role=db") }
    #expect(status?.code == .failedPrecondition)
    #expect(status?.message.hasPrefix("no host is selected by \"role=db\"") ?? false)
    stage.change("web-1", isRetired: true)
    #expect(refusal { try stage.push("interval: 5s\n", to: "instance=web-1") }?.code == .failedPrecondition)
    #expect(stage.memory == SteeringSnapshot())
  }

  @Test func anOverlappingRolloutIsRefusedByName() throws {
    let stage = Stage()
    stage.addHosts(3)
    stage.addHosts(1, "db")
    try stage.push("interval: 10s\n", to: "role=web")
    let same = refusal { try stage.push("interval: 5s\n", to: "role = web") }
    #expect(same?.code == .failedPrecondition)
    #expect(
      same?.message
        == "rollout 1 of version 1 to \"role=web\" is not over (rolling), and it has web-1, too; wait for it, "
        + "or `muster config abort 1`")
    #expect(
      refusal { try stage.push("interval: 5s\n", to: "instance=web-2") }?.message.contains("web-2, too")
        ?? false)
    #expect(refusal { try stage.rollBack("role=web") }?.code == .failedPrecondition)
    try stage.push("interval: 5s\n", to: "role=db")
    stage.pass(until: .completed, of: 2)
    stage.pass(until: .completed, of: 1)
    #expect(stage.running == ["db-1 5s", "web-1 10s", "web-2 10s", "web-3 10s"])
    try stage.push("interval: 5s\n", to: "instance=web-2")
  }

  @Test func theSameContentChangesNothing() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("interval: 10s\n", soak: 0)
    stage.pass(until: .completed)
    #expect(
      refusal { try stage.push("# another comment\ninterval: 10000ms\n") }?.message
        == "nothing would change: version 1 of the whole fleet says the same")
  }

  @Test func aDryRunOnlyChecks() throws {
    let stage = Stage()
    stage.addHosts(10)
    let rollout = try stage.push("interval: 10s\n", waves: ["1", "50%"], dryRun: true)
    #expect(rollout.version == 0 && rollout.waveHosts == [1, 5, 10])
    stage.pass(.seconds(100))
    #expect(stage.memory == SteeringSnapshot() && stage.offered.isEmpty)
  }

  @Test(arguments: [
    (RolloutPlan(waves: ["5%", "1%"]), "waves: 1% is not more than the wave before it"),
    (RolloutPlan(waves: ["0"]), "waves: \"0\" is neither"),
    (RolloutPlan(waves: ["101%"]), "waves: 101%"),
    (RolloutPlan(waves: ["all"]), "waves: \"all\" is neither"),
    (RolloutPlan(waves: (1...33).map(String.init)), "waves: at most 32"),
    (RolloutPlan(confirmWithinMilliseconds: 4999), "confirm_within_ms: 4999"),
    (RolloutPlan(hostTimeoutMilliseconds: 10), "host_timeout_ms: 10"),
    (RolloutPlan(gates: Gates(verifiedRatio: 1.5)), "gates.verified_ratio: 1.5"),
    (RolloutPlan(gates: Gates(cpuFactor: 0.5)), "gates.cpu_factor: 0.5"),
    (RolloutPlan(gates: Gates(silentRatio: .nan)), "gates.silent_ratio: nan"),
  ])
  func aPlanThatCannotBeMeantIsRefused(plan: RolloutPlan, message: String) {
    let stage = Stage()
    stage.addHosts(2)
    var steering = stage.steering
    let status = refusal {
      try steering.push(PushConfigRequest(selector: "", yaml: "interval: 5s\n", plan: plan), at: stage.now)
    }
    #expect(status?.code == .invalidArgument)
    #expect(status?.message.hasPrefix(message) ?? false, "\(status?.message ?? "accepted")")
    #expect(steering.takeOutput() == nil)
  }

  @Test func aQuarantinedResultIsRefusedHoweverItIsSaid() throws {
    let stage = Stage()
    stage.addHosts(1)
    try stage.push("labels: {poison: refuse}\ninterval: 5s\n", soak: 0)
    stage.pass(until: .rolledBack)
    try stage.push("interval: 5s\n", soak: 0)
    stage.pass(until: .completed, of: 2)
    let status = refusal { try stage.push("labels: {poison: refuse}\n", to: "role=web") }
    #expect(status?.message.hasPrefix("web-1 would come to run a config that is quarantined") ?? false)
  }

  @Test func layersThatDoNotFitTogetherAreRefused() throws {
    let stage = Stage()
    stage.addHosts(1)
    func labels(_ prefix: String) -> String {
      "labels: {\((1...ConfigSchema.maximumLabels - 1).map { "\(prefix)\($0): x" }.joined(separator: ", "))}\n"
    }
    try stage.push(labels("a"), soak: 0)
    stage.pass(until: .completed)
    let status = refusal { try stage.push(labels("b"), to: "role=web") }
    #expect(status?.code == .invalidArgument)
    #expect(status?.message.hasPrefix("merged with the other layers of web-1: labels: ") ?? false)
  }
}
