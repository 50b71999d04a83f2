import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct CollectorServiceTests {
  private let stage = Stage()

  private func collector(_ instance: String = "web-1") -> StageCollector {
    var producer = Producer()
    producer.instance = instance
    producer.add("a")
    return StageCollector(producer, on: stage.connect(), of: stage)
  }

  private func acknowledge(_ sequence: UInt64) -> AggregatorCommand {
    .acknowledge(Acknowledge(epoch: 1, sequence: sequence))
  }

  @Test func framesAreAcknowledgedOnTheControlStream() {
    var collector = collector()
    guard case .welcome = collector.control.news().first else { return #expect(Bool(false), "no welcome") }
    collector.send(on: stage)
    #expect(collector.control.news() == [acknowledge(1)])
    // A rush: one acknowledgement, a tenth of a second after the last.
    for _ in 2...30 { collector.send(on: stage) }
    #expect(collector.control.news() == [])
    stage.advance(0.099)
    #expect(collector.control.news() == [])
    stage.advance(0.001)
    #expect(collector.control.news() == [acknowledge(30)])
    stage.advance(5)
    #expect(collector.control.news() == [])
  }

  @Test func aProducerWithoutControlStreamGetsASummary() {
    let line = stage.connect()
    var producer = Producer()
    let push = line.call(MusterService.push, PackedFrame(producer.frame()), PackedFrame(producer.frame()))
    stage.settle()
    #expect(push.messages == [PushSummary(frames: 2, duplicates: 0, sequence: 2)])
    #expect(push.status == .ok)
    #expect(stage.fleet.counters.pushes.value == 0)
    #expect(stage.openCalls.count == 0)
  }

  @Test func goodbyeThenTheEnd() {
    let collector = collector()
    collector.control.send(.goodbye(Goodbye(reason: "SIGTERM")))
    collector.push.call?.halfClose()
    collector.control.call?.halfClose()
    stage.settle()
    #expect(collector.control.status == .ok)
    #expect(stage.fleet.host(id: Producer.hostID)?.state(at: .at(0)) == .stopped)
  }

  @Test func aCutLineIsNoGoodbye() {
    var collector = collector()
    collector.send(on: stage)
    collector.line.cut(at: stage.clock.now)
    let host = stage.fleet.host(id: Producer.hostID)
    #expect(host?.state(at: .at(1)) == .online)
    #expect(host?.state(at: .at(5)) == .stale)
    #expect(host?.state(at: .at(60)) == .offline)
    #expect(stage.fleet.counters.attachments.value == 0)
  }

  @Test func oneBadStreamCostsNobodyElse() {
    var good = collector()
    var bad = Producer()
    bad.hostID = String(repeating: "b", count: 32)
    let line = stage.connect()
    let push = line.call(
      MusterService.push, PackedFrame(bad.frame()), PackedFrame([0xde, 0xad]), PackedFrame(bad.frame()))
    stage.settle()
    #expect(push.status?.code == .invalidArgument)
    good.send(on: stage)
    #expect(good.push.status == nil)
    // The same connection may try again.
    bad.reconnect()
    let again = line.call(MusterService.push, PackedFrame(bad.frame()))
    stage.settle()
    #expect(again.status == .ok)
  }

  @Test func aDrainEndsOpenCallsAndRefusesNewOnes() {
    let collector = collector()
    stage.openCalls.end(.draining)
    stage.settle()
    #expect(collector.control.status == .draining)
    #expect(collector.push.status == .draining)
    let late = stage.connect().call(MusterService.push, halfClosing: false)
    stage.settle()
    #expect(late.status == .draining)
    #expect(stage.openCalls.count == 0)
  }
}
