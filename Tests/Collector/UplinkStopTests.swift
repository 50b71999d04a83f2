import GRPC
import Testing
import Wire

@testable import Collector

@Suite struct UplinkStopTests {
  @Test func saysGoodbyeAndWaitsForAcknowledgements() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect(2)
    #expect(
      stage.after { $0.stop(reason: "SIGTERM", at: $1) } == ["goodbye SIGTERM", "finish push"])
    #expect(stage.acknowledge(2) == [])
    #expect(stage.after { $0.pushEnded(.ok, at: $1) } == ["finish control"])
    #expect(
      stage.after { $0.controlEnded(.ok, at: $1) }
        == ["close", "report stopped, 0 unacknowledged", "stopped"])
    #expect(stage.uplink.isStopped == true)
    #expect(stage.uplink.nextDeadline == nil)
  }

  @Test func sendsABacklogBeforeItLeaves() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    stage.room = 1
    _ = stage.collect(3)
    #expect(stage.after { $0.stop(reason: "SIGINT", at: $1) } == ["goodbye SIGINT"])
    stage.room = 9
    #expect(stage.wait(.zero) == ["frame 2 value 200", "frame 3 value 300", "finish push"])
  }

  @Test func waitsNoLongerThanTheBound() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect(2)
    _ = stage.after { $0.stop(reason: "SIGTERM", at: $1) }
    #expect(stage.wait(.milliseconds(1999)) == [])
    #expect(stage.wait(.milliseconds(1)) == ["close", "report stopped, 2 unacknowledged", "stopped"])
  }

  @Test func aLinkLostWhileLeavingEndsIt() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect()
    _ = stage.after { $0.stop(reason: "SIGTERM", at: $1) }
    #expect(
      stage.after { $0.linkClosed("cut", at: $1) }
        == ["close", "report stopped, 1 unacknowledged", "stopped"])
    #expect(stage.after { $0.stop(reason: "SIGTERM", at: $1) } == [])
  }

  @Test func aStopWhileNotConnectedIsImmediate() {
    for prepare: (UplinkStage) -> Void in [
      { _ in },
      { _ = $0.after { uplink, _ in uplink.start() } },
      {
        _ = $0.after { uplink, _ in uplink.start() }
        _ = $0.after { $0.linkConnected(at: $1) }
      },
      {
        _ = $0.after { uplink, _ in uplink.start() }
        _ = $0.after { $0.linkFailed("refused", at: $1) }
      },
    ] {
      let stage = UplinkStage()
      prepare(stage)
      #expect(
        stage.after { $0.stop(reason: "SIGTERM", at: $1) }
          == ["close", "report stopped, 0 unacknowledged", "stopped"])
    }
  }

  @Test func aSecondStopWaitsForNothing() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect()
    _ = stage.after { $0.stop(reason: "SIGINT", at: $1) }
    #expect(
      stage.after { $0.stop(reason: "SIGINT", at: $1) }
        == ["close", "report stopped, 1 unacknowledged", "stopped"])
  }

  @Test func aStopDuringADrainSaysGoodbyeToo() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    _ = stage.collect()
    _ = stage.after { $0.goingAway(at: $1) }
    #expect(stage.after { $0.stop(reason: "SIGTERM", at: $1) } == ["goodbye SIGTERM"])
    _ = stage.acknowledge(1)
    #expect(stage.after { $0.pushEnded(.ok, at: $1) } == ["finish control"])
  }
}
