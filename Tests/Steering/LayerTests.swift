import GRPC
import Testing
import Wire

@testable import Steering

@Suite struct LayerTests {
  private func completed(_ stage: Stage, _ yaml: String, to selector: String) throws {
    let rollout = try stage.push(yaml, to: selector, waves: ["100%"], soak: 0)
    stage.pass(until: .completed, of: rollout.id)
  }

  @Test func theFleetThenMoreAndMoreConditionsThenTheHost() throws {
    let stage = Stage()
    stage.add("a", [Label("env", "prod"), Label("role", "web")])
    stage.add("b", [Label("env", "prod"), Label("role", "db")])
    stage.add("c", [Label("env", "test")])
    try completed(stage, "interval: 1s\n", to: "instance=a")
    try completed(stage, "interval: 5s\n", to: "role=web,env=prod")
    try completed(stage, "interval: 10s\nlog: {level: debug}\n", to: "env=prod")
    try completed(stage, "interval: 15s\nlog: {level: info}\nrecorder: off\n", to: "")
    stage.pass(.seconds(5))
    #expect(stage.running == ["a 1s+off+debug", "b 10s+off+debug", "c 15s+off+info"])

    let explained = try stage.steering.explain("a")
    #expect(explained.layers.map(\.selector) == ["", "env=prod", "env=prod,role=web", "instance=a"])
    #expect(explained.layers.map(\.version) == [4, 3, 2, 1])
    #expect(explained.version == 4 && explained.sha256 == explained.runningSHA256)
    #expect(explained.status.state == .verified)
    let interval = try #require(explained.values.first { $0.key == "interval" })
    #expect(interval.value == "1s" && interval.version == 1 && interval.selector == "instance=a")
    #expect(interval.hides == ["15s (version 4)", "10s (version 3)", "5s (version 2)"])
    #expect(explained.values.first { $0.key == "log.level" }?.version == 3)
  }

  @Test func explainNamesTheRolloutUnderWay() throws {
    let stage = Stage()
    stage.addHosts(3)
    try stage.push("interval: 10s\n", waves: ["1", "100%"])
    stage.pass(until: .soaking)
    let first = try #require(stage.offered.first)
    #expect(try stage.steering.explain(first).layers == [ConfigLayer(selector: "", version: 1, rollout: 1)])
    let other = try #require(stage.hosts.keys.first { $0 != first })
    #expect(try stage.steering.explain("id-\(other)").layers.isEmpty)
    #expect(refusal { try stage.steering.explain("nobody") }?.code == .notFound)
    stage.add("twin", connected: false)
    var steering = stage.steering
    steering.hostChanged(SteeredHost(hostID: "id-twin-2", instance: "twin"), at: stage.now)
    #expect(
      refusal { try steering.explain("twin") }?.message
        == "2 hosts are called \"twin\"; say the host id: id-twin, id-twin-2")
  }

  @Test func aHostThatNoLayerSelectsAnyMoreGoesBackToItsLocalFile() throws {
    let stage = Stage()
    stage.addHosts(2)
    try completed(stage, "interval: 10s\nlabels: {team: a}\n", to: "role=web")
    #expect(stage.steering.standing(of: "id-web-1")?.configLabels == [Label("team", "a")])
    stage.change("web-1", labels: [Label("role", "db")])
    stage.pass(.seconds(5))
    #expect(stage.running == ["web-1 nothing", "web-2 10s+a"])
    #expect(stage.steering.standing(of: "id-web-1")?.version == 0)
    #expect(stage.steering.standing(of: "id-web-1")?.configLabels == [])
    stage.change("web-1", labels: [Label("role", "web")])
    stage.pass(.seconds(5))
    #expect(stage.running == ["web-1 10s+a", "web-2 10s+a"])
  }

  @Test func hostsThatNeverHadAConfigAreLeftAlone() throws {
    let stage = Stage()
    stage.addHosts(2)
    stage.add("db-1", [Label("role", "db")])
    try completed(stage, "interval: 10s\n", to: "role=web")
    #expect(stage.offered == ["web-1", "web-2"])
    #expect(stage.memory.hostConfigs["id-db-1"] == nil)
    #expect(stage.standing("db-1") == .unknown)
  }

  @Test func backToEarlierDocumentsOneByOne() throws {
    let stage = Stage()
    stage.addHosts(2)
    for interval in ["10s", "15s", "20s"] { try completed(stage, "interval: \(interval)\n", to: "") }
    for (step, expected) in ["15s", "10s", "nothing"].enumerated() {
      let rollout = try stage.rollBack()
      #expect(rollout.version == UInt64(2 - step) && rollout.previousVersion == UInt64(3 - step))
      #expect(rollout.plan.noSoak && rollout.waveHosts == [2])
      stage.pass(until: .completed, of: rollout.id)
      stage.pass(.seconds(2))
      #expect(stage.running == ["web-1 \(expected)", "web-2 \(expected)"])
    }
    #expect(
      refusal { try stage.rollBack() }?.message.hasPrefix("nothing is in force for the whole fleet") ?? false)
    let forward = try stage.rollBack(to: 3)
    stage.pass(until: .completed, of: forward.id)
    #expect(stage.running == ["web-1 20s", "web-2 20s"])
    #expect(refusal { try stage.rollBack(to: 3) }?.message == "nothing would change: version 3 is in force")
    #expect(refusal { try stage.rollBack(to: 9) }?.code == .notFound)
    #expect(refusal { try stage.rollBack("role=db") }?.code == .notFound)
  }

  @Test func aRollBackNeverPicksWhatIsQuarantined() throws {
    let stage = Stage()
    stage.addHosts(1)
    try completed(stage, "interval: 10s\n", to: "")
    try stage.push("labels: {poison: fail}\n", soak: 0)
    stage.pass(until: .rolledBack, of: 2)
    try completed(stage, "interval: 20s\n", to: "")
    #expect(
      refusal { try stage.rollBack(to: 2) }?.message.hasPrefix("version 2 is quarantined: wave 1") ?? false)
    #expect(try stage.rollBack().version == 1)
  }

  @Test func documentsAreListedNewestFirst() throws {
    let stage = Stage()
    stage.addHosts(1)
    stage.addHosts(1, "db")
    try completed(stage, "interval: 10s\n", to: "role=web")
    try completed(stage, "interval: 15s\n", to: "role=web")
    try completed(stage, "interval: 20s\n", to: "role=db")
    func versions(_ request: ListConfigsRequest) throws -> [UInt64] {
      try stage.steering.documents(request).map(\.version)
    }
    #expect(try versions(ListConfigsRequest(selector: "role=web")) == [2])
    #expect(try versions(ListConfigsRequest(selector: "role=web", history: true)) == [2, 1])
    #expect(try versions(ListConfigsRequest(allLayers: true)) == [3, 2])
    #expect(try versions(ListConfigsRequest(allLayers: true, history: true, limit: 1)) == [3])
    #expect(
      refusal { try stage.steering.documents(ListConfigsRequest(selector: "=")) }?.code == .invalidArgument)
    let listed = try stage.steering.documents(ListConfigsRequest(allLayers: true, history: true))
    #expect(listed.map(\.current) == [true, true, false] && listed.allSatisfy { $0.yaml.isEmpty })
    #expect(stage.steering.document(1)?.yaml == "interval: 10s\n")
    #expect(stage.steering.rollouts(ListRolloutsRequest(all: true), at: stage.now).map(\.id) == [3, 2, 1])
    #expect(stage.steering.rollouts(ListRolloutsRequest(), at: stage.now).isEmpty)
  }
}
