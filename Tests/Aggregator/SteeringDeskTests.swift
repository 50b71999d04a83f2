import GRPC
import Records
import Steering
import Testing
import Wire

@testable import Aggregator

/// Collectors and an operator on the wire, against the desk.
@Suite struct SteeringDeskTests {
  private let store = StageStore()
  private let stage: SteeringStage

  init() {
    stage = SteeringStage(store)
  }

  private func push(_ yaml: String, to selector: String = "", waves: [String] = ["100%"]) -> PushConfigRequest
  {
    PushConfigRequest(
      selector: selector, yaml: yaml, file: "web.yaml", author: "ann", message: "why not",
      plan: RolloutPlan(waves: waves, noSoak: true))
  }

  private func settle(_ collectors: SteeredCollector..., seconds: Int = 5) {
    for _ in 0..<seconds * 2 {
      for collector in collectors { collector.step() }
      stage.advance(0.5)
    }
  }

  @Test func aForeignCollectorReachesVerifiedAndIsTold() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.step()
    let pushed = stage.call(MusterService.pushConfig, push("interval: 2s"))
    #expect(pushed.status == .ok)
    let rollout = try #require(pushed.messages.first)
    #expect(rollout.version == 1)
    let watched = stage.call(MusterService.watchRollout, WatchRolloutRequest(id: rollout.id))
    settle(web)

    let offer = try #require(web.offers.first)
    #expect(web.offers.count == 1)
    #expect(offer.sha256 == SHA256.digest(of: offer.config))
    #expect(try config(offer.config).intervalMilliseconds == 2000)
    #expect(offer.rollout == rollout.id)
    #expect(web.confirmed == [offer.sha256])
    #expect(watched.status == .ok)
    #expect(watched.messages.last?.state == .completed)
    let host = try #require(stage.fleet.host(id: web.producer.hostID))
    let info = host.info(at: stage.clock.now)
    #expect(info.configState == .verified)
    #expect(info.configVersion == 1)
    #expect(info.configSHA256 == offer.sha256)
    let audit = store.entries.values.sorted { $0.id < $1.id }
    #expect(audit.first?.action == "config.push")
    #expect(audit.first?.author == "ann")
    #expect(audit.first?.address == "192.0.2.9:50000")
    #expect(audit.first?.host.map(\.instance) == ["web-1"])
    #expect(audit.contains { $0.action == "config.completed" && $0.author == "muster-aggregator" })
    #expect(stage.desk.counters.offers.value == 1)
    #expect(stage.desk.counters.activeRollouts.value == 0)
  }

  @Test func aBadOneGoesBackAndReachesNobodyElse() throws {
    let hosts = ["a", "b", "c"].map { SteeredCollector("web-\($0)", Character($0), on: stage) }
    for host in hosts {
      host.conduct = .fails
      host.step()
    }
    let pushed = stage.call(MusterService.pushConfig, push("interval: 2s", waves: ["1", "100%"]))
    let id = try #require(pushed.messages.first?.id)
    for _ in 0..<20 {
      for host in hosts { host.step() }
      stage.advance(0.5)
    }
    let watched = stage.call(MusterService.watchRollout, WatchRolloutRequest(id: id))
    let rollout = try #require(watched.messages.first)
    #expect(watched.status == .ok)
    #expect(rollout.state == .rolledBack)
    #expect(rollout.troubled.map(\.reason) == ["cannot read diskstats"])
    #expect(hosts.map(\.offers.count).sorted() == [0, 0, 1])
    let again = stage.call(MusterService.pushConfig, push("interval: 2s"))
    #expect(again.status?.code == .failedPrecondition)
    #expect(again.status?.message.contains("quarantine") == true, "\(again.status!)")
  }

  @Test func nothingIsSentBeforeItIsDurable() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.step()
    store.isHeld = true
    let pushed = stage.call(MusterService.pushConfig, push("interval: 2s"))
    settle(web)
    #expect(pushed.messages == [])
    #expect(pushed.status == nil)
    #expect(web.offers == [])
    store.letGo()
    stage.settle()
    #expect(pushed.status == .ok)
    settle(web)
    #expect(web.offers.count == 1)
    #expect(web.confirmed.count == 1)
  }

  /// Simulated fleets found it: an offer that waited for its transaction was sent after its config had been
  /// quarantined.
  @Test func anOfferWhosePlaceAnotherTookIsNotSent() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.step()
    store.isHeld = true
    let pushed = stage.call(MusterService.pushConfig, push("interval: 2s"))
    stage.advance(1)
    let abort = stage.call(MusterService.steerRollout, SteerRolloutRequest(action: .abort, author: "ann"))
    stage.advance(1)
    store.letGo()
    settle(web)
    #expect(pushed.status == .ok)
    #expect(abort.status == .ok)
    #expect(web.offers.count == 1)
    #expect(try web.offers.map { try config($0.config) } == [CollectorConfig(schema: 1)])
  }

  /// Simulated fleets found it: a confirmation that waited for its transaction reached the host on its next
  /// connection, and ended a trial of which no frame had come.
  @Test func aConfirmationIsOnlyForTheConnectionWhoseFramesItConfirms() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.step()
    #expect(stage.call(MusterService.pushConfig, push("interval: 2s")).status == .ok)
    stage.advance(1)
    store.isHeld = true
    web.step()
    web.line.cut(at: stage.clock.now)
    stage.advance(0.1)
    var producer = web.producer
    producer.reconnect()
    let again = SteeredCollector(producer, on: stage)
    store.letGo()
    stage.settle()
    again.step()
    #expect(web.confirmed == [])
    #expect(again.confirmed == [])
  }

  @Test func aDiskThatFailsHoldsEverythingUpAndLosesNothing() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.step()
    store.failure = RecordsFailure(message: "muster.db: the disk is full")
    let pushed = stage.call(MusterService.pushConfig, push("interval: 2s"))
    #expect(pushed.status?.code == .unavailable)
    #expect(pushed.status?.message.contains("the disk is full; what was asked for waits") == true)
    let refused = stage.call(MusterService.pushConfig, push("interval: 3s", to: "host_id=x"))
    #expect(refused.status?.code == .unavailable)
    #expect(refused.status?.message.contains("nothing was changed") == true)
    settle(web)
    #expect(web.offers == [])
    #expect(stage.desk.counters.commitFailures.value >= 4)
    #expect(stage.desk.counters.uncommitted.value > 0)
    // Who only asks is answered.
    let listed = stage.call(MusterService.listRollouts, ListRolloutsRequest())
    #expect(listed.messages.first?.rollouts.count == 1)

    store.failure = nil
    settle(web)
    #expect(web.offers.map(\.version) == [1])
    #expect(web.confirmed.count == 1)
    #expect(stage.desk.counters.uncommitted.value == 0)
    #expect(store.entries.values.count { $0.action == "config.push" } == 1)
  }

  @Test func aSourceThatFailsUnderTheNewConfigIsSeen() throws {
    var producer = Producer()
    let up = SeriesDescriptor(
      "muster_collector_source_up", labels: [Label("source", "diskstats")], kind: .gauge)
    producer.add(up, 1)
    let web = SteeredCollector(producer, on: stage)
    for _ in 0..<5 {
      web.step()
      stage.advance(1)
    }
    var request = push("interval: 2s")
    request.plan.noSoak = false
    request.plan.soakMilliseconds = 60_000
    let id = try #require(stage.call(MusterService.pushConfig, request).messages.first?.id)
    settle(web)
    #expect(web.producer.config.count == 32)
    web.producer.set("muster_collector_source_up", 0)
    settle(web, seconds: 40)
    let rollout = stage.call(MusterService.watchRollout, WatchRolloutRequest(id: id)).messages.last
    #expect(rollout?.state == .rolledBack)
    #expect(rollout?.reason.contains("source") == true, "\(rollout?.reason ?? "")")
    // It went back to the config that says nothing.
    #expect(web.offers.count == 2)
    #expect(web.producer.config == web.offers[1].sha256)
  }

  @Test func theEndWaitsForTheLastTransaction() {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.step()
    store.isHeld = true
    let pushed = stage.call(MusterService.pushConfig, push("interval: 2s"))
    let ends = Counted()
    stage.desk.close { ends.add() }
    stage.settle()
    #expect(ends.value == 0)
    let late = stage.call(MusterService.pushConfig, push("interval: 3s"))
    #expect(late.status == .draining)
    store.letGo()
    stage.settle()
    #expect(ends.value == 1)
    #expect(pushed.status == .ok)
  }

  @Test func theEndDoesNotWaitForADiskThatFails() {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.step()
    store.failure = RecordsFailure(message: "muster.db: the disk is full")
    _ = stage.call(MusterService.pushConfig, push("interval: 2s"))
    let ends = Counted()
    stage.desk.close { ends.add() }
    stage.settle()
    #expect(ends.value == 1)
  }
}

// Sendable unchecked: a test runs on one thread.
private final class Counted: @unchecked Sendable {
  private(set) var value = 0

  func add() { value += 1 }
}
