import GRPC
import Steering
import Testing
import Wire

@testable import Aggregator

/// RolloutService.Plan: hosts are asked, nothing is applied.
@Suite struct RolloutPlanTests {
  private let store = StageStore()
  private let stage: SteeringStage

  init() {
    stage = SteeringStage(store)
  }

  private func commands(_ collector: SteeredCollector) -> [Command] {
    collector.control.news().compactMap { heard in
      if case .run(let command) = heard { command } else { nil }
    }
  }

  private func plan(_ yaml: String = "interval: 2s", to selector: String = "") -> PlanConfigRequest {
    PlanConfigRequest(selector: selector, yaml: yaml, author: "ann", timeoutMilliseconds: 5000)
  }

  @Test func everyHostIsAskedAboutAllOfItsLayers() throws {
    let web = SteeredCollector("web-1", "a", labels: [Label("role", "web")], on: stage)
    let db = SteeredCollector("db-1", "b", labels: [Label("role", "db")], on: stage)
    let push = PushConfigRequest(
      selector: "role=web", yaml: "labels: {team: web}", plan: RolloutPlan(waves: ["100%"], noSoak: true))
    _ = stage.call(MusterService.pushConfig, push)
    for _ in 0..<6 {
      web.step()
      stage.advance(0.5)
    }
    let offers = web.offers.count
    let planned = stage.call(MusterService.planConfig, plan())
    let asked = try [web, db].map { collector in
      let command = try #require(commands(collector).last)
      guard case .planConfig(let packed)? = command.action else { throw Status(.unknown, "another action") }
      return (command, try config(packed))
    }
    #expect(asked.map { $0.1.intervalMilliseconds } == [2000, 2000])
    #expect(asked.map { $0.1.labels } == [[Label("team", "web")], []])

    let report = PlanReport(seriesNow: 10, seriesThen: 8)
    web.control.send(.output(CommandOutput(id: asked[0].0.id, content: .plan(report))))
    web.control.send(.result(CommandResult(id: asked[0].0.id, outcome: .ok)))
    stage.settle()
    #expect(
      planned.messages == [
        PlanUpdate(hostID: web.producer.hostID, instance: "web-1", report: report, asked: 2, answered: 1)
      ])
    #expect(planned.status == nil)
    stage.advance(6)
    #expect(planned.messages.last?.instance == "db-1")
    #expect(planned.messages.last?.problem == "no result came in time")
    #expect(planned.messages.last?.answered == 2)
    #expect(planned.status == .ok)
    web.step()
    #expect(web.offers.count == offers)
    let entries = store.entries.values.filter { $0.action == "config.plan" }
    #expect(entries.count == 2)
    #expect(entries.allSatisfy { $0.author == "ann" && $0.outcome != "running" })
    #expect(stage.runs.openCount == 0)
  }

  @Test func whoIsNotThereSaysSo() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.line.cut(at: stage.clock.now)
    stage.settle()
    let planned = stage.call(MusterService.planConfig, plan())
    #expect(planned.status == .ok)
    #expect(planned.messages.map(\.problem) == ["not connected"])
  }

  @Test func whoLeavesCancels() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    let line = stage.connect()
    let planned = line.call(MusterService.planConfig, plan())
    stage.settle()
    let command = try #require(commands(web).last)
    planned.call?.cancel()
    stage.settle()
    #expect(web.control.news().contains(.cancel(id: command.id)))
    #expect(stage.runs.openCount == 0)
    #expect(stage.openCalls.count == 3)
  }

  @Test func theTimeoutIsChecked() {
    var request = plan()
    request.timeoutMilliseconds = 100
    #expect(stage.call(MusterService.planConfig, request).status?.code == .invalidArgument)
  }

  /// Every host with a layer of its own: the plan would be as many commands.
  @Test func hostsThatDifferTooMuchAreRefused() {
    var hosts: [SteeredCollector] = []
    for number in 10...26 {
      var producer = Producer()
      producer.hostID = String(repeating: "0", count: 30) + "\(number)"
      producer.instance = "web-\(number)"
      producer.add("a")
      hosts.append(SteeredCollector(producer, on: stage))
      let push = PushConfigRequest(
        selector: "instance=web-\(number)", yaml: "labels: {number: n\(number)}",
        plan: RolloutPlan(noSoak: true))
      #expect(stage.call(MusterService.pushConfig, push).status == .ok)
    }
    stage.advance(1)
    let planned = stage.call(MusterService.planConfig, plan())
    #expect(planned.status?.code == .resourceExhausted)
    #expect(planned.status?.message.contains("17 different sets of layers") == true, "\(planned.status!)")
    #expect(stage.call(MusterService.planConfig, plan(to: "instance=web-1*")).status == nil)
    #expect(hosts.allSatisfy { $0.control.status == nil })
  }
}
