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
    // A rush: one acknowledgement, five seconds and a quarter of it after the last.
    for _ in 2...30 { collector.send(on: stage) }
    #expect(collector.control.news() == [])
    stage.advance(6.249)
    #expect(collector.control.news() == [])
    stage.advance(0.001)
    #expect(collector.control.news() == [acknowledge(30)])
    stage.advance(20)
    #expect(collector.control.news() == [])
  }

  @Test func theEndOfTheFramesIsAcknowledgedAtOnce() {
    var collector = collector()
    for _ in 1...3 { collector.send(on: stage) }
    _ = collector.control.news()
    collector.push.call?.halfClose()
    stage.settle()
    #expect(collector.control.news() == [acknowledge(3)])
  }

  @Test func whateverIsSaidTakesAcknowledgementsAlong() {
    var collector = collector()
    for _ in 1...3 { collector.send(on: stage) }
    _ = collector.control.news()
    collector.control.send(.heartbeat(Heartbeat(id: 7, wallTimeMicroseconds: 0, intervalMilliseconds: 1000)))
    stage.settle()
    let news = collector.control.news()
    #expect(news.first == acknowledge(3))
    guard case .heartbeat(let reply) = news.last else { return #expect(Bool(false), "no reply") }
    #expect(reply.id == 7)
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

  @Test func framesWaitForWelcome() {
    var first = collector()
    first.send(on: stage)
    // Another connection says it is the same host; until that is settled, its frames are refused.
    var second = collector()
    #expect(second.control.messages == [])
    second.send(on: stage)
    #expect(second.push.status?.code == .failedPrecondition)
    guard case .probe(let probe) = first.control.news().last else { return #expect(Bool(false)) }
    first.say(.probeReply(probe), on: stage)
    guard case .rekey = second.control.news().first else { return #expect(Bool(false)) }
    #expect(second.control.status?.code == .aborted)
    let late = second.line.call(MusterService.push, PackedFrame(second.producer.frame()))
    stage.settle()
    #expect(late.status?.code == .aborted)
    first.send(on: stage)
    #expect(first.push.status == nil)
    #expect(stage.fleet.hosts.map { $0.info(at: .at(0)).frames } == [2])
  }

  @Test func aSilentConnectionLosesItsPlaceAndItsFrames() {
    var old = collector()
    old.line.isClogged = true
    var new = collector()
    stage.advance(3)
    guard case .welcome = new.control.news().first else { return #expect(Bool(false)) }
    new.send(on: stage)
    #expect(new.control.news() == [acknowledge(1)])
    old.line.isClogged = false
    stage.settle()
    #expect(old.control.status?.code == .aborted)
    old.send(on: stage)
    #expect(old.push.status?.code == .aborted)
    #expect(stage.fleet.hosts.map { $0.info(at: .at(3)).frames } == [1])
    #expect(stage.fleet.counters.attachments.value == 1)
  }

  @Test func aConnectionHasOneControlStream() {
    let collector = collector()
    let second = collector.line.call(
      MusterService.attach, .hello(collector.producer.hello), halfClosing: false)
    stage.settle()
    #expect(second.status?.code == .failedPrecondition)
    // When it is over, another one may be opened.
    collector.control.call?.halfClose()
    stage.settle()
    let third = collector.line.call(
      MusterService.attach, .hello(collector.producer.hello), halfClosing: false)
    stage.settle()
    #expect(third.messages.count == 1)
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
