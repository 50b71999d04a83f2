import GRPC
import Records
import Steering
import Testing
import Wire

@testable import Aggregator

/// An aggregator that is killed, and the next one on the same records.
@Suite struct SteeringRestartTests {
  private let records: RecordsStore
  private let clock = StageClock()

  init() throws {
    records = try RecordsStore(path: ":memory:")
  }

  /// Everything that was committed so far is durable, and its followers are on the stage's loop.
  private func written() async {
    await withCheckedContinuation { done in records.commit([]) { _ in done.resume() } }
  }

  private func pass(_ seconds: Double, _ stage: SteeringStage, _ collectors: [SteeredCollector]) async {
    for _ in 0..<Int(seconds * 2) {
      for collector in collectors {
        collector.step()
        await written()
        stage.settle()
      }
      stage.advance(0.5)
      await written()
      stage.settle()
    }
  }

  private func order<Q, R>(_ method: Method<Q, R>, _ request: Q, _ stage: SteeringStage) async -> Heard<Q, R>
  {
    let heard = stage.call(method, request)
    await written()
    stage.settle()
    return heard
  }

  /// The waves: one host, then all. Killed `after` half seconds, from before the first offer to the end of the soak.
  @Test(arguments: [0, 1, 2, 3, 5, 9])
  func aWaveGoesOnWhereItStood(after halfSeconds: Int) async throws {
    let first = SteeringStage(records, clock: clock)
    let keeper = HostKeeper(
      fleet: first.fleet, store: records, clock: clock, logger: first.collectors.logger)
    let before = ["a", "b", "c"].map { SteeredCollector("web-\($0)", Character($0), on: first) }
    await pass(1, first, before)
    keeper.save(at: clock.now) { _ in }
    let request = PushConfigRequest(
      yaml: "interval: 2s", plan: RolloutPlan(waves: ["1", "100%"], soakMilliseconds: 6000))
    let pushed = await order(MusterService.pushConfig, request, first)
    let id = try #require(pushed.messages.first?.id)
    await pass(Double(halfSeconds) / 2, first, before)
    let pioneers = before.filter { !$0.offers.isEmpty }.map(\.producer.instance)
    #expect(pioneers.count <= 1)
    // Killed: no goodbye to anyone, no last commit.
    first.cutAll()
    await written()

    let past = try records.load()
    #expect(past.hosts.count == 3)
    #expect(past.steering.rollouts[id]?.isOver == false)
    let second = SteeringStage(records, restoring: past, clock: clock)
    let after = before.map { old in
      var producer = old.producer
      producer.reconnect()
      return SteeredCollector(producer, on: second, running: old.producer.config)
    }
    await pass(4, second, after)
    // Who was first stays first: nobody else has been offered anything while the wave is settled again.
    let begun = after.filter { !$0.offers.isEmpty || !$0.producer.config.isEmpty }.map(\.producer.instance)
    #expect(begun.count == 1)
    if let pioneer = pioneers.first { #expect(begun == [pioneer]) }
    await pass(60, second, after)
    let rollout = await order(MusterService.watchRollout, WatchRolloutRequest(id: id), second).messages.last
    #expect(rollout?.state == .completed)
    #expect(after.allSatisfy { $0.producer.config == pushed.messages.first?.sha256 })
    #expect(try records.load().steering.layers[""]?.current == 1)
  }

  @Test func auditEntriesGoOnBeingNumbered() async throws {
    let first = SteeringStage(records, clock: clock)
    let web = SteeredCollector("web-1", "a", on: first)
    await pass(1, first, [web])
    let request = PushConfigRequest(yaml: "interval: 2s", author: "ann", plan: RolloutPlan(noSoak: true))
    _ = await order(MusterService.pushConfig, request, first)
    first.cutAll()
    await written()
    let past = try records.load()
    #expect(past.nextAudit > 1)
    let second = SteeringStage(records, restoring: past, clock: clock)
    let abort = SteerRolloutRequest(action: .abort, author: "bob")
    #expect(await order(MusterService.steerRollout, abort, second).status == .ok)
    let entries = await withCheckedContinuation { done in
      records.audit(ListAuditRequest(action: "config.")) { done.resume(returning: (try? $0.get()) ?? []) }
    }
    #expect(entries.map(\.id) == entries.map(\.id).sorted(by: >))
    #expect(
      entries.filter { $0.author != "muster-aggregator" }.map(\.action) == ["config.abort", "config.push"])
  }
}
