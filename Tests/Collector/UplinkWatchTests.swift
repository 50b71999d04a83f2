import GRPC
import Testing
import Wire

@testable import Collector

/// The Watch call: when it is opened, and what comes down it.
@Suite struct UplinkWatchTests {
  private let update = ConfigUpdate(version: 1, sha256: [UInt8](repeating: 5, count: 32), config: [1])

  private func watching() -> UplinkStage {
    let stage = UplinkStage()
    var status = ConfigStatus()
    status.runningSHA256 = [4]
    stage.uplink.configStands(ConfigStanding(status: status, failed: [[6]]))
    _ = stage.after { uplink, _ in uplink.start() }
    return stage
  }

  private func end(_ stage: UplinkStage, _ code: StatusCode) -> [String] {
    stage.after { $0.watchEnded(Status(code, "over"), at: $1) }
  }

  @Test func opensAfterWelcomeWithWhatRuns() {
    let stage = watching()
    #expect(stage.after { $0.linkConnected(at: $1) } == ["hello web-1/7"])
    #expect(
      stage.welcome() == [
        "report connected, 0 waiting", "open push", "heartbeat 1", "watch from 4",
      ])
    #expect(stage.after { $0.received(update, at: $1) } == ["offered 5"])
  }

  /// Simulated fleets found it: a trial that ended between Hello and Welcome was not heard of, and the aggregator
  /// waited for it for ever.
  @Test func whatChangesBetweenHelloAndWelcomeIsSaidAfterIt() {
    let stage = watching()
    _ = stage.after { $0.linkConnected(at: $1) }
    let status = ConfigStatus(sha256: [7], state: .rolledBack, runningSHA256: [5])
    stage.uplink.configStands(ConfigStanding(status: status, failed: []))
    #expect(
      stage.welcome() == [
        "report connected, 0 waiting", "open push", "heartbeat 1", "second hello", "watch from 5",
      ])
  }

  @Test func aHostThatTakesNoConfigDoesNotAsk() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    #expect(stage.connect().contains { $0.hasPrefix("watch") } == false)
    #expect(stage.after { $0.received(update, at: $1) } == [])
    #expect(stage.uplink.counters.ignoredCommands == 1)
  }

  @Test func opensAgainWithBackoffWhileTheConnectionLives() {
    let stage = watching()
    _ = stage.connect()
    _ = stage.reply(1)
    #expect(end(stage, .unavailable) == [])
    // Nothing comes down a call that is over.
    #expect(stage.after { $0.received(update, at: $1) } == [])
    var lines: [String] = []
    var waits: [Duration] = []
    for _ in 0..<6 {
      let before = stage.now.instant
      lines += stage.waitForDeadline()
      waits.append(stage.now.instant - before)
      _ = stage.reply(UInt64(stage.numbers.count))
      lines += end(stage, .unavailable)
    }
    #expect(lines.filter { $0 == "watch from 4" }.count >= 4)
    #expect(waits.allSatisfy { $0 <= .seconds(15) })
    #expect(waits.max() ?? .zero > .milliseconds(500))
  }

  @Test func anAggregatorThatDoesNotKnowTheCallIsNotAskedAgainOnThisConnection() {
    let stage = watching()
    _ = stage.connect()
    _ = stage.reply(1)
    #expect(end(stage, .unimplemented) == [])
    #expect(stage.waitForDeadline() == ["heartbeat 2"])
    _ = stage.reply(2)
    _ = stage.after { $0.linkClosed("cut", at: $1) }
    _ = stage.waitForDeadline()
    // Another connection may lead to a newer one.
    #expect(stage.connect().contains("watch from 4"))
  }

  @Test func itIsClosedBeforeTheConnectionIsLeft() {
    let stage = watching()
    _ = stage.connect()
    #expect(
      stage.after { $0.goingAway(at: $1) } == ["report going away", "close watch", "finish push"])
    #expect(end(stage, .cancelled) == [])
    let stopped = watching()
    _ = stopped.connect()
    #expect(
      stopped.after { $0.stop(reason: "SIGTERM", at: $1) }
        == ["close watch", "goodbye SIGTERM", "finish push"])
  }

  @Test func aHostThatTakesNoMoreConfigClosesIt() {
    let stage = watching()
    _ = stage.connect()
    #expect(stage.uplink.hello.capabilities == ["config"])
    #expect(stage.after { uplink, _ in uplink.configStands(nil) } == ["close watch"])
    #expect(stage.uplink.hello.capabilities == [])
    #expect(stage.after { $0.received(update, at: $1) } == [])
    stage.uplink.configStands(ConfigStanding())
    _ = stage.after { $0.linkClosed("cut", at: $1) }
    _ = stage.waitForDeadline()
    #expect(stage.connect().contains("watch from nothing"))
  }

  @Test func itsEndCostsNothingElse() {
    let stage = watching()
    _ = stage.connect()
    _ = end(stage, .internalError)
    #expect(stage.collect() == ["frame 1 opens web-1/7 value 100"])
    #expect(stage.uplink.isAttached == true)
  }
}
