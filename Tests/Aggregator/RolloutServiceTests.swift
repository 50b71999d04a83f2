import GRPC
import Steering
import Testing
import Wire

@testable import Aggregator

/// What operators ask for, and what they hear when it makes no sense.
@Suite struct RolloutServiceTests {
  private let store = StageStore()
  private let stage: SteeringStage

  init() {
    stage = SteeringStage(store)
  }

  private func push(_ yaml: String, to selector: String = "") -> PushConfigRequest {
    PushConfigRequest(
      selector: selector, yaml: yaml, file: "web.yaml", author: "ann",
      plan: RolloutPlan(waves: ["100%"], noSoak: true))
  }

  private func settle(_ collectors: [SteeredCollector]) {
    for _ in 0..<10 {
      for collector in collectors { collector.step() }
      stage.advance(0.5)
    }
  }

  @Test(arguments: [
    ("interval: 2s\ncolour: red\n", "web.yaml:2:1: colour"),
    ("interval: 2s\nsources:\n  disktats: off\n", "web.yaml:3:3: sources.disktats"),
    ("interval: 1ms\n", "web.yaml:1:11: interval"),
    ("interval: [\n", "web.yaml:"),
    ("", "web.yaml"),
    ("schema: 99\ninterval: 2s\n", "web.yaml:1:9: schema: 99 is newer"),
  ])
  func aBadDocumentIsRefusedWithItsPlace(_ yaml: String, _ place: String) {
    _ = SteeredCollector("web-1", "a", on: stage)
    let commits = store.commits.count
    let pushed = stage.call(MusterService.pushConfig, push(yaml))
    #expect(pushed.status?.code == .invalidArgument)
    #expect(pushed.status?.message.contains(place) == true, "\(pushed.status!)")
    let planned = stage.call(MusterService.planConfig, PlanConfigRequest(yaml: yaml, file: "web.yaml"))
    #expect(planned.status?.code == .invalidArgument)
    #expect(planned.status?.message.contains(place) == true, "\(planned.status!)")
    #expect(store.commits.count == commits)
  }

  @Test(arguments: [("a=,,", StatusCode.invalidArgument), ("role=nobody", .failedPrecondition)])
  func aSelectorThatSelectsNobodyIsRefused(_ selector: String, _ code: StatusCode) {
    _ = SteeredCollector("web-1", "a", on: stage)
    #expect(stage.call(MusterService.pushConfig, push("interval: 2s", to: selector)).status?.code == code)
    let plan = PlanConfigRequest(selector: selector, yaml: "interval: 2s")
    #expect(stage.call(MusterService.planConfig, plan).status?.code == code)
    #expect(stage.call(MusterService.listConfigs, ListConfigsRequest(allLayers: true)).messages == [.init()])
  }

  /// More than a message may have, and more than a document may have.
  @Test(arguments: [(10 << 20, StatusCode.resourceExhausted), (100 << 10, .invalidArgument)])
  func aDocumentThatIsTooLargeIsRefused(_ bytes: Int, _ code: StatusCode) {
    _ = SteeredCollector("web-1", "a", on: stage)
    let pushed = stage.call(MusterService.pushConfig, push("#" + String(repeating: "x", count: bytes)))
    #expect(pushed.status?.code == code)
    #expect(pushed.status?.message.isEmpty == false)
    #expect(stage.call(MusterService.listRollouts, ListRolloutsRequest(all: true)).messages == [.init()])
  }

  @Test func aDryRunChangesNothing() {
    _ = SteeredCollector("web-1", "a", on: stage)
    let commits = store.commits.count
    var request = push("interval: 2s")
    request.dryRun = true
    let checked = stage.call(MusterService.pushConfig, request)
    #expect(checked.status == .ok)
    #expect(checked.messages.first?.version == 0)
    #expect(checked.messages.first?.waveHosts == [1])
    #expect(store.commits.count == commits)
    #expect(stage.call(MusterService.listRollouts, ListRolloutsRequest(all: true)).messages == [.init()])
  }

  @Test func steeringIsWrittenDownAndShown() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.conduct = .hangs
    let id = try #require(stage.call(MusterService.pushConfig, push("interval: 2s")).messages.first?.id)
    let watched = stage.call(MusterService.watchRollout, WatchRolloutRequest(id: id))
    let pause = SteerRolloutRequest(id: 0, action: .pause, author: "bob", message: "lunch")
    let paused = stage.call(MusterService.steerRollout, pause)
    #expect(paused.messages.first?.state == .paused)
    stage.advance(1)
    #expect(watched.messages.last?.state == .paused)
    let abort = SteerRolloutRequest(id: id, action: .abort, author: "bob")
    #expect(stage.call(MusterService.steerRollout, abort).status == .ok)
    // It is waited for until its time is up: it never says what became of the config.
    for _ in 0..<12 { settle([web]) }
    #expect(watched.messages.last?.state == .rolledBack)
    #expect(watched.status == .ok)
    let actions = store.entries.values.sorted { $0.id < $1.id }.map(\.action)
    #expect(actions.prefix(1) == ["config.push"])
    #expect(actions.contains("config.pause"))
    #expect(actions.contains("config.abort"))
    #expect(stage.call(MusterService.steerRollout, pause).status?.code == .failedPrecondition)
  }

  @Test func documentsAndLayersAreShown() throws {
    let web = SteeredCollector("web-1", "a", labels: [Label("role", "web")], on: stage)
    _ = stage.call(MusterService.pushConfig, push("interval: 2s"))
    settle([web])
    _ = stage.call(MusterService.pushConfig, push("interval: 3s", to: "role=web"))
    settle([web])
    let listed = stage.call(MusterService.listConfigs, ListConfigsRequest(allLayers: true)).messages.first
    #expect(listed?.documents.map(\.version) == [2, 1])
    let document = stage.call(MusterService.getConfig, GetConfigRequest(version: 2)).messages.first
    #expect(document?.yaml == "interval: 3s")
    #expect(stage.call(MusterService.getConfig, GetConfigRequest(version: 9)).status?.code == .notFound)
    let explained = stage.call(MusterService.explainConfig, ExplainConfigRequest(host: "web-1")).messages
      .first
    #expect(explained?.values.map(\.hides) == [["2s (version 1)"]])
    #expect(explained?.runningSHA256 == web.producer.config)
    let missing = stage.call(MusterService.explainConfig, ExplainConfigRequest(host: "web-9"))
    #expect(missing.status?.code == .notFound)
    let back = RollBackRequest(selector: "role=web", author: "ann", plan: RolloutPlan(noSoak: true))
    #expect(stage.call(MusterService.rollBack, back).status == .ok)
    settle([web])
    #expect(store.entries.values.contains { $0.action == "config.rollback" })
    #expect(try config(#require(web.offers.last).config).intervalMilliseconds == 2000)
  }

  @Test func aRolloutThatIsUnknownCannotBeWatched() {
    let watched = stage.call(MusterService.watchRollout, WatchRolloutRequest(id: 5))
    #expect(watched.status?.code == .notFound)
    #expect(stage.desk.counters.rolloutWatches.value == 0)
    #expect(stage.openCalls.count == 0)
  }
}
