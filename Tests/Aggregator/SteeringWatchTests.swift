import GRPC
import Steering
import Testing
import Wire

@testable import Aggregator

/// ConfigService.Watch: who may, and when it ends.
@Suite struct SteeringWatchTests {
  private let stage = SteeringStage(StageStore())

  private func request(_ hostID: String = Producer.hostID) -> WatchConfigRequest {
    WatchConfigRequest(hostID: hostID, epoch: 1, schema: ConfigSchema.version)
  }

  private func push(_ yaml: String) -> PushConfigRequest {
    PushConfigRequest(yaml: yaml, plan: RolloutPlan(waves: ["100%"], noSoak: true))
  }

  @Test func welcomeComesFirst() {
    let line = stage.connect()
    let early = line.call(MusterService.watchConfig, request())
    stage.settle()
    #expect(early.status?.code == .failedPrecondition)
    #expect(early.status?.message.contains("wait for Welcome") == true)
    #expect(stage.desk.counters.watches.value == 0)
    #expect(stage.openCalls.count == 0)
  }

  @Test func aConnectionWatchesForItsOwnHost() {
    let web = SteeredCollector("web-1", "a", on: stage)
    let other = web.line.call(
      MusterService.watchConfig, request(String(repeating: "b", count: 32)))
    stage.settle()
    #expect(other.status?.code == .permissionDenied)
    #expect(web.watch.status == nil)
  }

  @Test func theNewerOfTwoHolds() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    let second = web.line.call(MusterService.watchConfig, request())
    stage.settle()
    #expect(web.watch.status == WatchConfigCall.superseded)
    #expect(second.status == nil)
    #expect(stage.desk.counters.watches.value == 1)
    _ = stage.call(MusterService.pushConfig, push("interval: 2s"))
    stage.advance(2)
    #expect(web.watch.messages == [])
    #expect(second.messages.count == 1)
  }

  @Test func itEndsWithTheControlStream() {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.control.call?.halfClose()
    stage.settle()
    #expect(web.control.status == .ok)
    #expect(web.watch.status == WatchConfigCall.detached)
    // The same connection may begin anew.
    let control = web.line.call(MusterService.attach, .hello(web.producer.hello), halfClosing: false)
    stage.settle()
    #expect(control.status == nil)
    let watch = web.line.call(MusterService.watchConfig, request())
    _ = stage.call(MusterService.pushConfig, push("interval: 2s"))
    stage.advance(2)
    #expect(watch.messages.count == 1)
  }

  /// A host that comes back over another connection gets the newest, and that once.
  @Test func whoComesBackIsOfferedTheNewest() throws {
    let web = SteeredCollector("web-1", "a", on: stage)
    web.conduct = .hangs
    web.step()
    _ = stage.call(MusterService.pushConfig, push("interval: 2s"))
    stage.advance(1)
    web.step()
    #expect(web.offers.map(\.version) == [1])
    web.line.cut(at: stage.clock.now)
    stage.advance(1)
    #expect(stage.desk.counters.watches.value == 0)
    var producer = web.producer
    producer.reconnect()
    let again = SteeredCollector(producer, on: stage)
    stage.advance(1)
    again.step()
    #expect(again.offers.map(\.version) == [1])
  }

  /// An offer that waits for the disk is for the Watch it was made for; the next one gets its own.
  @Test func anOfferIsForOneWatch() throws {
    let store = StageStore()
    let stage = SteeringStage(store)
    let web = SteeredCollector("web-1", "a", on: stage)
    web.sendFrame()
    store.isHeld = true
    _ = stage.call(MusterService.pushConfig, push("interval: 2s"))
    stage.advance(1)
    let second = web.line.call(MusterService.watchConfig, request())
    stage.settle()
    store.letGo()
    stage.advance(1)
    #expect(web.watch.messages == [])
    #expect(second.messages.count == 1)
    #expect(stage.desk.counters.offersLost.value == 1)
  }

  /// While the collector does not read, one config waits for it: the newest.
  @Test func aCollectorThatDoesNotReadMissesWhatIsOld() throws {
    let caught = Caught()
    var router = Router()
    stage.collectors.register(in: &router)
    router.serverStreaming(MusterService.watchConfig) {
      [desk = stage.desk, openCalls = stage.openCalls] request, stream throws(Status) in
      let call = try WatchConfigCall(stream, request, desk: desk, openCalls: openCalls)
      call.start(request)
      caught.call = call
    }
    let line = Line(router, peer: "192.0.2.1:1")
    func settle() { while line.move(at: stage.clock.now.instant) || stage.loop.run() {} }
    let control = line.call(MusterService.attach, .hello(Producer().hello), halfClosing: false)
    settle()
    #expect(control.status == nil)
    let watch = line.call(MusterService.watchConfig, request())
    settle()
    line.isClogged = true
    let call = try #require(caught.call)
    for version in 1...20 as ClosedRange<UInt64> {
      call.offer(ConfigUpdate(version: version, config: [UInt8](repeating: 0, count: 50_000)))
    }
    line.isClogged = false
    settle()
    let versions = watch.messages.map(\.version)
    #expect(versions.first == 1)
    #expect(versions.last == 20)
    #expect(versions.count < 5, "\(versions)")
  }
}

// Sendable unchecked: a test runs on one thread.
private final class Caught: @unchecked Sendable {
  var call: WatchConfigCall?
}
