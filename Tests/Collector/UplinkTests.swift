import GRPC
import Testing
import Wire

@testable import Collector

@Suite struct UplinkTests {
  @Test func connectsGreetsAndStreams() {
    let stage = UplinkStage()
    #expect(stage.collect() == [])
    #expect(stage.after { uplink, _ in uplink.start() } == ["connect"])
    #expect(stage.collect() == [])
    #expect(stage.after { $0.linkConnected(at: $1) } == ["hello web-1/7"])
    #expect(
      stage.welcome() == [
        "report connected, 2 waiting", "open push", "heartbeat 1",
        "frame 1 opens web-1/7 value 100", "frame 2 value 200",
      ])
    #expect(stage.collect() == ["frame 3 value 300"])
    #expect(stage.acknowledge(2) == [])
    #expect(stage.balance == "3 = 2 + 1 + 0")
    #expect(stage.acknowledge(3) == [])
    #expect(stage.collect() == ["frame 4 value 400"])
    #expect(stage.uplink.counters.framesSent == 4)
  }

  @Test func theFirstFrameAfterAnEmptyStartOpensTheStream() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    #expect(
      stage.connect() == ["hello web-1/7", "report connected, 0 waiting", "open push", "heartbeat 1"])
    #expect(stage.collect() == ["frame 1 opens web-1/7 value 100"])
  }

  @Test func repeatsWhatWasNotAcknowledged() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect(5)
    _ = stage.acknowledge(2)
    #expect(
      stage.after { $0.linkClosed("reset by peer", at: $1) } == ["report lost: reset by peer", "close"])
    #expect(stage.collect() == [])
    #expect(stage.waitForDeadline() == ["connect"])
    #expect(
      stage.connect() == [
        "hello web-1/7", "report connected, 4 waiting", "open push", "heartbeat 1",
        "frame 3 opens web-1/7 value 300", "frame 4 value 400", "frame 5 value 500", "frame 6 value 600",
      ])
    #expect(stage.uplink.counters.reconnects == 1)
  }

  @Test func aWelcomeAcknowledgesWhatTheAggregatorHas() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect(4)
    _ = stage.after { $0.linkClosed("cut", at: $1) }
    _ = stage.waitForDeadline()
    #expect(stage.connect(acknowledged: 3).suffix(1) == ["frame 4 opens web-1/7 value 400"])
    #expect(stage.balance == "4 = 3 + 1 + 0")
  }

  @Test func acknowledgementsBeyondWhatWasSentAreCut() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    stage.room = 2
    #expect(stage.collect(4) == ["frame 1 opens web-1/7 value 100", "frame 2 value 200"])
    #expect(stage.acknowledge(4) == [])
    #expect(stage.balance == "4 = 2 + 2 + 0")
    #expect(stage.acknowledge(.max, epoch: 6) == [])
    #expect(stage.uplink.counters.ignoredAcknowledgements == 2)
    stage.room = 9
    #expect(stage.wait(.zero) == ["frame 3 value 300", "frame 4 value 400"])
  }

  @Test func commandsOutOfPlaceAreCountedAndIgnored() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    #expect(stage.acknowledge(1) == [])
    _ = stage.connect()
    #expect(stage.welcome(99) == [])
    #expect(stage.reply(99) == [])
    #expect(stage.uplink.counters.ignoredCommands == 3)
  }

  @Test func heartbeatsGoOutAndTheirSilenceEndsTheConnection() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    #expect(stage.reply(1) == [])
    #expect(stage.waitForDeadline() == ["heartbeat 2"])
    stage.pass(.seconds(1))
    #expect(stage.reply(2) == [])
    #expect(stage.waitForDeadline() == ["heartbeat 3"])
    #expect(stage.waitForDeadline() == ["heartbeat 4"])
    #expect(stage.waitForDeadline() == ["heartbeat 5"])
    #expect(
      stage.waitForDeadline() == ["report lost: no answer to heartbeats for 30.0 seconds", "close"])
    #expect(stage.uplink.counters.heartbeatTimeouts == 1)
    #expect(stage.waitForDeadline() == ["connect"])
  }

  @Test func anUnansweredHelloEndsTheConnection() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.after { $0.linkConnected(at: $1) }
    #expect(
      stage.waitForDeadline() == ["report unreachable: no answer to Hello for 10.0 seconds", "close"])
  }

  @Test func goAwayDrainsAndComesBackAtOnce() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect(2)
    #expect(stage.after { $0.goingAway(at: $1) } == ["report going away", "finish push"])
    // Sampling goes on; what comes now waits for the next connection.
    #expect(stage.collect() == [])
    #expect(stage.after { $0.pushEnded(.ok, at: $1) } == [])
    #expect(stage.acknowledge(2) == ["finish control"])
    #expect(stage.after { $0.controlEnded(.ok, at: $1) } == ["close", "connect"])
    #expect(stage.connect().suffix(1) == ["frame 3 opens web-1/7 value 300"])
    #expect(stage.balance == "3 = 2 + 1 + 0")
  }

  @Test func aDrainThatHangsIsCutAndRepeated() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect(2)
    _ = stage.after { $0.goingAway(at: $1) }
    #expect(stage.waitForDeadline() == ["close", "connect"])
    #expect(
      stage.connect().suffix(2) == ["frame 1 opens web-1/7 value 100", "frame 2 value 200"])
  }

  @Test func goAwayAgainAndAgainIsNoHotLoop() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.after { $0.goingAway(at: $1) }
    #expect(stage.after { $0.linkClosed("gone", at: $1) } == ["close", "connect"])
    _ = stage.connect()
    _ = stage.after { $0.goingAway(at: $1) }
    #expect(stage.after { $0.linkClosed("gone", at: $1) } == ["close"])
    #expect(stage.waitForDeadline() == ["connect"])
  }

  @Test(arguments: [
    StatusCode.unauthenticated, .permissionDenied, .invalidArgument, .unimplemented, .failedPrecondition,
  ])
  func refusalsWaitLong(code: StatusCode) throws {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.after { $0.linkConnected(at: $1) }
    #expect(
      stage.after { $0.controlEnded(Status(code, "no"), at: $1) } == ["report refused: \(code): no", "close"])
    let deadline = stage.uplink.nextDeadline
    let wait = try #require(deadline) - stage.now.instant
    #expect(wait >= .seconds(30) && wait <= .seconds(60))
  }

  @Test func anEndedCallEndsTheConnection() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    #expect(
      stage.after { $0.pushEnded(Status(.unavailable, "shutting down"), at: $1) }
        == ["report lost: the aggregator ended Push: UNAVAILABLE: shutting down", "close"])
    // Late news of the old connection.
    #expect(stage.after { $0.controlEnded(.ok, at: $1) } == [])
    #expect(stage.after { $0.linkClosed("late", at: $1) } == [])
  }

  @Test func anOverrunBeginsTheStreamAnew() {
    var settings = UplinkSettings()
    settings.ring.maximumFrames = 8
    let stage = UplinkStage(settings)
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    stage.room = 2
    #expect(stage.collect(8) == ["frame 1 opens web-1/7 value 100", "frame 2 value 200"])
    // Frames that were sent may go: the chain holds.
    #expect(stage.collect(2) == [])
    #expect(stage.balance == "10 = 0 + 8 + 2")
    // One that was not may not.
    #expect(stage.collect() == ["report overrun, 2 dropped", "finish push"])
    #expect(stage.balance == "11 = 0 + 7 + 4")
    stage.room = 99
    #expect(
      stage.after { $0.pushEnded(.ok, at: $1) }.prefix(3)
        == ["open push", "frame 5 opens web-1/7 value 500", "frame 6 value 600"])
  }

  @Test func theClockOffsetIsMeasuredAndForgottenWhenOurClockIsSet() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.after { $0.linkConnected(at: $1) }
    stage.pass(.milliseconds(40))
    _ = stage.welcome()
    #expect(stage.uplink.clockOffset.best?.roundTripMicroseconds == 40_000)
    stage.pass(.milliseconds(10))
    _ = stage.reply(1, offset: 3_000_000)
    // The answer is stamped on arrival: half a round trip is taken off.
    #expect(stage.uplink.clockOffset.best?.roundTripMicroseconds == 10_000)
    #expect(stage.uplink.clockOffset.best?.offsetMicroseconds == 3_005_000)
    stage.uplink.wallClockWasSet()
    #expect(stage.uplink.clockOffset.best == nil)
  }
}
