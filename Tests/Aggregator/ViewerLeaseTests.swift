import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct LeaseBookTests {
  private func at(_ seconds: Double) -> Instant { Moment.at(seconds).instant }

  @Test func twoViewersShareALease() {
    var book = LeaseBook()
    #expect(book.look(1, at: "a", interval: 1000, at: at(0)) == 1000)
    #expect(book.look(2, at: "a", interval: 1000, at: at(1)) == nil)
    // Whoever comes first after the time renews for both.
    #expect(book.look(1, at: "a", interval: 1000, at: at(5)) == 1000)
    #expect(book.look(2, at: "a", interval: 1000, at: at(6)) == nil)
    #expect(book.lookAway(1, from: "a", at: at(7)) == nil)
    #expect(book.look(2, at: "a", interval: 1000, at: at(11)) == 1000)
    #expect(book.lookAway(2, from: "a", at: at(12)) == 0)
    #expect(book.lookAway(2, from: "a", at: at(12)) == nil)
    #expect(book.hostCount == 0)
  }

  @Test func theShortestIntervalCounts() {
    var book = LeaseBook()
    #expect(book.look(1, at: "a", interval: 1000, at: at(0)) == 1000)
    #expect(book.look(2, at: "a", interval: 200, at: at(0)) == 200)
    #expect(book.look(3, at: "a", interval: 500, at: at(0)) == nil)
    #expect(book.lookAway(2, from: "a", at: at(1)) == 500)
    #expect(book.lookAway(1, from: "a", at: at(1)) == nil)
    #expect(book.lookAway(3, from: "a", at: at(1)) == 0)
  }
}

@Suite struct RaisingTailTests {
  private let stage = Stage()

  private func collector(_ number: Int, _ change: (inout Producer) -> Void = { _ in }) -> StageCollector {
    var producer = Producer([SeriesDescriptor("a", kind: .gauge)])
    producer.hostID = String(repeating: "0", count: 30) + (number < 10 ? "0\(number)" : "\(number)")
    producer.instance = "host-\(number)"
    producer.interval = .seconds(5)
    change(&producer)
    return StageCollector(producer, on: stage.connect(), of: stage)
  }

  private func tail(_ selector: String, raise: UInt32 = 1000) -> Heard<TailRequest, TailUpdate> {
    let tail = stage.connect().call(
      MusterService.tail, TailRequest(selector: selector, raiseIntervalMilliseconds: raise))
    stage.settle()
    return tail
  }

  private func told(_ collector: StageCollector) -> [UInt32] {
    collector.commands().compactMap { command in
      guard case .setResolution(let action) = command.action else { return nil }
      #expect(action.holder == "viewers")
      #expect(action.leaseMilliseconds == 15_000)
      return action.intervalMilliseconds
    }
  }

  @Test func aHostIsRaisedForAsLongAsSomebodyLooks() {
    let one = collector(1)
    let two = collector(2)
    let first = tail("instance=host-1")
    #expect(told(one) == [1000])
    let second = tail("instance=host-1", raise: 500)
    #expect(told(one) == [500])
    stage.advance(10)
    #expect(told(one) == [500, 500])
    first.call?.cancel()
    stage.settle()
    #expect(told(one) == [])
    second.call?.cancel()
    stage.settle()
    #expect(told(one) == [0])
    stage.advance(20)
    #expect(told(one) == [])
    #expect(told(two) == [])
    #expect(stage.store.commits == [])
  }

  @Test func whoCannotOrNeedNotIsLeftAlone() {
    let old = collector(1) { $0.capabilities = ["ping"] }
    let strict = collector(2) { $0.forbiddenCommands = ["set-resolution"] }
    let quick = collector(3) { $0.interval = .milliseconds(250) }
    let mute = tail("")
    #expect([old, strict, quick].map(told) == [[], [], []])
    #expect(mute.status == nil)
    #expect(tail("", raise: 99).status?.code == .invalidArgument)
    #expect(tail("", raise: 60_001).status?.code == .invalidArgument)
    for number in 4...17 { _ = collector(number) }
    let tooMany = tail("")
    #expect(
      tooMany.status
        == Status(
          .invalidArgument,
          "raise_interval_ms with 17 hosts selected; at most 16 can be raised: narrow the selector"))
  }
}
