import GRPC
import Testing
import Wire

@testable import Collector

/// A table that was compacted: a dictionary ends, and with it the stream.
@Suite struct UplinkDictionaryTests {
  private func connected() -> UplinkStage {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    return stage
  }

  @Test func anotherDictionaryIsAnotherStream() {
    let stage = connected()
    #expect(stage.collect(2) == ["frame 1 opens web-1/7 value 100", "frame 2 value 200"])
    stage.compact()
    #expect(stage.collect() == ["finish push"])
    #expect(stage.collect() == [])
    // Acknowledged or not: the new stream goes on where the old one ended.
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) } == [
        "open push", "frame 3 opens web-1/7 value 300", "frame 4 value 400",
      ])
    #expect(stage.balance == "4 = 0 + 4 + 0")
    #expect(stage.acknowledge(2) == [])
    #expect(stage.acknowledge(4) == [])
    #expect(stage.balance == "4 = 4 + 0 + 0")
    #expect(stage.collect() == ["frame 5 value 500"])
    #expect(stage.uplink.counters.ignoredAcknowledgements == 0)
    #expect(stage.uplink.counters.reconnects == 0)
  }

  @Test func whatComesWhileTheOldStreamEndsIsAcknowledged() {
    let stage = connected()
    _ = stage.collect(2)
    stage.compact()
    _ = stage.collect()
    #expect(stage.acknowledge(2) == [])
    #expect(stage.balance == "3 = 2 + 1 + 0")
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) } == ["open push", "frame 3 opens web-1/7 value 300"])
  }

  @Test func twoCompactionsAreTwoStreams() {
    let stage = connected()
    _ = stage.collect()
    stage.compact()
    _ = stage.collect()
    stage.compact()
    _ = stage.collect()
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) }
        == ["open push", "frame 2 opens web-1/7 value 200", "finish push"])
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) } == ["open push", "frame 3 opens web-1/7 value 300"])
  }

  @Test func aCutBeforeTheNewStreamRepeatsBothDictionaries() {
    let stage = connected()
    _ = stage.collect(3)
    _ = stage.acknowledge(1)
    stage.compact()
    _ = stage.collect(2)
    _ = stage.after { $0.linkClosed("cut", at: $1) }
    _ = stage.waitForDeadline()
    #expect(
      stage.connect(acknowledged: 2) == [
        "hello web-1/7", "report connected, 3 waiting", "open push", "heartbeat 1",
        "frame 3 opens web-1/7 value 300", "finish push",
      ])
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) } == [
        "open push", "frame 4 opens web-1/7 value 400", "frame 5 value 500",
      ])
    #expect(stage.balance == "5 = 2 + 3 + 0")
  }

  @Test func withoutAConnectionNothingIsLost() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.collect(2)
    stage.compact()
    _ = stage.collect(2)
    #expect(
      stage.connect() == [
        "hello web-1/7", "report connected, 4 waiting", "open push", "heartbeat 1",
        "frame 1 opens web-1/7 value 100", "frame 2 value 200", "finish push",
      ])
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) } == [
        "open push", "frame 3 opens web-1/7 value 300", "frame 4 value 400",
      ])
  }

  @Test func aStopSendsBothDictionaries() {
    let stage = connected()
    stage.room = 1
    _ = stage.collect(2)
    stage.compact()
    _ = stage.collect(2)
    #expect(stage.after { $0.stop(reason: "SIGTERM", at: $1) } == ["goodbye SIGTERM"])
    stage.room = 9
    #expect(stage.wait(.zero) == ["frame 2 value 200", "finish push"])
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) } == [
        "open push", "frame 3 opens web-1/7 value 300", "frame 4 value 400", "finish push",
      ])
    #expect(stage.acknowledge(4) == [])
    #expect(stage.after { $0.pushEnded(.ok, at: $1) } == ["finish control"])
    #expect(stage.balance == "4 = 4 + 0 + 0")
  }

  @Test func aGoAwayBeforeTheNewStreamOpensLeavesInGoodOrder() {
    let stage = connected()
    _ = stage.collect()
    stage.compact()
    _ = stage.collect()
    stage.room = 0
    #expect(stage.after { $0.pushEnded(.ok, at: $1) } == ["open push"])
    #expect(stage.after { $0.goingAway(at: $1) } == ["report going away", "finish push"])
    stage.room = 9
    _ = stage.acknowledge(1)
    #expect(stage.after { $0.pushEnded(.ok, at: $1) } == ["finish control"])
    #expect(stage.after { $0.controlEnded(.ok, at: $1) } == ["close", "connect"])
    #expect(stage.connect(acknowledged: 1).suffix(1) == ["frame 2 opens web-1/7 value 200"])
  }
}
