import GRPC
import Testing
import Wire

@testable import Collector

/// The control conversation beyond heartbeats and acknowledgements.
@Suite struct UplinkControlTests {
  private func attached(_ settings: UplinkSettings = UplinkSettings()) -> UplinkStage {
    let stage = UplinkStage(settings)
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    return stage
  }

  private func hear(_ stage: UplinkStage, _ command: AggregatorCommand) -> [String] {
    stage.after { $0.received(command, at: $1) }
  }

  private func report(_ stage: UplinkStage, _ id: String) {
    stage.uplink.report(.result(CommandResult(id: id, outcome: .ok)))
  }

  @Test func eventsAreNumberedFromTheHelloOn() {
    let stage = attached()
    #expect(stage.uplink.isAttached == true)
    report(stage, "a")
    report(stage, "b")
    #expect(stage.events() == ["result a ok", "result b ok"])
    #expect(hear(stage, .probe(9)) == ["probe reply 9"])
    _ = stage.reply(1)
    #expect(stage.waitForDeadline() == ["heartbeat 2"])
    // Hello was 1, the first heartbeat 2.
    #expect(stage.numbers == [2, 3, 4, 5, 6])
    // The next stream counts anew.
    _ = stage.after { $0.linkClosed("cut", at: $1) }
    _ = stage.waitForDeadline()
    _ = stage.connect()
    #expect(stage.numbers.last == 2)
  }

  @Test func whatIsSentAtOnceGoesBeforeWhatWaitsAndKeepsTheOrder() {
    let stage = attached()
    report(stage, "a")
    stage.uplink.received(.probe(1), at: stage.now)
    // The reply has its number, and is not sent yet.
    #expect(stage.uplink.takeEvent() == nil)
    #expect(stage.wait(.zero) == ["probe reply 1"])
    #expect(stage.events() == ["result a ok"])
    #expect(stage.numbers == [2, 3, 4])
  }

  @Test func anEventWithoutRoomLeavesAGapAndIsCounted() {
    let stage = attached()
    for number in 0..<EventQueue.maximumWaiting + 2 { report(stage, "\(number)") }
    #expect(stage.uplink.waitingEvents == EventQueue.maximumWaiting)
    #expect(stage.uplink.counters.droppedEvents == 2)
    #expect(stage.events().count == EventQueue.maximumWaiting)
    // Two numbers are missing among those said.
    #expect(stage.numbers.last == UInt64(EventQueue.maximumWaiting) + 4)
  }

  @Test func eventsNeedAStream() {
    let stage = UplinkStage()
    report(stage, "a")
    #expect(stage.uplink.counters.droppedEvents == 1)
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.connect()
    #expect(stage.events() == [])
    report(stage, "b")
    _ = stage.after { $0.linkClosed("cut", at: $1) }
    // What waited for the old stream is not for the new one.
    _ = stage.waitForDeadline()
    _ = stage.connect()
    #expect(stage.events() == [])
  }

  @Test func everythingIsSaidWhenItIsAskedFor() {
    let stage = attached()
    stage.uplink.configStands(
      ConfigStanding(status: ConfigStatus(version: 4, state: .verified), failed: []))
    stage.pass(.seconds(3))
    #expect(hear(stage, .reportAll) == ["second hello"])
    #expect(stage.fullReport?.configStatus.version == 4)
    #expect(stage.fullReport?.wallTimeMicroseconds == stage.now.wallMicroseconds)
    #expect(stage.uplink.counters.fullReports == 1)
    #expect(stage.numbers == [2, 3])
  }

  @Test func commandsAreHandedOnWhileThereIsAStream() {
    let stage = UplinkStage()
    let command = AggregatorCommand.run(Command(id: "c1", action: .ping))
    _ = stage.after { uplink, _ in uplink.start() }
    #expect(hear(stage, command) == [])
    _ = stage.connect()
    #expect(hear(stage, command) == ["run c1"])
    #expect(hear(stage, .cancel(id: "c1")) == ["cancel c1"])
    #expect(hear(stage, .configConfirm([UInt8](repeating: 3, count: 32))) == ["confirmed 3"])
    _ = stage.after { $0.stop(reason: "SIGTERM", at: $1) }
    #expect(hear(stage, command) == [])
    #expect(stage.uplink.counters.ignoredCommands == 2)
  }

  @Test func anotherIntervalIsToldAtOnce() {
    let stage = attached()
    _ = stage.reply(1)
    stage.uplink.samplingChanged(interval: .seconds(5), at: stage.now)
    #expect(stage.wait(.zero) == [])
    stage.uplink.samplingChanged(interval: .seconds(1), at: stage.now)
    #expect(stage.wait(.zero) == ["heartbeat 2"])
    #expect(hear(stage, .reportAll) == ["second hello"])
    #expect(stage.fullReport?.intervalMilliseconds == 1000)
  }

  @Test func whatIsShedIsToldAtOnce() {
    let stage = attached()
    _ = stage.reply(1)
    stage.uplink.sheds("", at: stage.now)
    #expect(stage.wait(.zero) == [])
    stage.uplink.sheds("the recorder is off", at: stage.now)
    #expect(stage.wait(.zero) == ["heartbeat 2"])
    #expect(stage.lastHeartbeat?.shedding == "the recorder is off")
  }

  @Test func heartbeatsAtAnotherDistance() {
    let stage = attached()
    _ = stage.reply(1)
    stage.uplink.heartbeatsChanged(interval: .seconds(2), at: stage.now)
    #expect(stage.wait(.milliseconds(1999)) == [])
    #expect(stage.wait(.milliseconds(1)) == ["heartbeat 2"])
    _ = stage.wait(.seconds(2))
    #expect(stage.wait(.seconds(2)) == ["report lost: no answer to heartbeats for 6.0 seconds", "close"])
  }

  @Test func aReconnectDrainsAndComesBack() {
    let stage = attached()
    _ = stage.collect(2)
    #expect(stage.after { $0.reconnect(at: $1) } == ["report reconnecting", "finish push"])
    _ = stage.acknowledge(2)
    #expect(stage.after { $0.pushEnded(.ok, at: $1) } == ["finish control"])
    // Nothing more may be said on a stream that was half-closed.
    report(stage, "late")
    #expect(stage.events() == [])
    #expect(stage.after { $0.controlEnded(.ok, at: $1) } == ["close", "connect"])
    #expect(stage.connect().contains("hello web-1/7"))
    // While not connected there is nothing to leave.
    let idle = UplinkStage()
    #expect(idle.after { $0.reconnect(at: $1) } == [])
  }

  // MARK: A new identity

  private let identity = Identity(hostID: String(repeating: "b", count: 32), bootID: "b", epoch: 9)

  @Test func aRekeyedHostComesBackAsAnother() {
    let stage = attached()
    _ = stage.collect(3)
    #expect(
      hear(stage, .rekey(reason: "a twin"))
        == ["report rekeyed: a twin", "close", "rekey: a twin"])
    stage.uplink.become(identity, machine: [1])
    #expect(stage.uplink.counters.abandonedFrames == 3 && stage.uplink.counters.rekeys == 1)
    #expect(stage.balance == "0 = 0 + 0 + 0")
    #expect(stage.uplink.nextSequence == 1)
    #expect(stage.waitForDeadline() == ["connect"])
    #expect(stage.after { $0.linkConnected(at: $1) } == ["hello web-1/9"])
    #expect(stage.uplink.hello.hostID == identity.hostID && stage.uplink.hello.machineSHA256 == [1])
    #expect(stage.uplink.hello.rekeyedFrom == String(repeating: "a", count: 32))
  }

  @Test func aRekeyInPlaceOfAWelcomeIsTakenToo() {
    let stage = UplinkStage()
    _ = stage.after { uplink, _ in uplink.start() }
    _ = stage.after { $0.linkConnected(at: $1) }
    #expect(hear(stage, .rekey(reason: "a twin")).last == "rekey: a twin")
    // No identity could be made: the old one is used again, and sent away again, ever more slowly.
    var waits: [Duration] = []
    for _ in 0..<8 {
      let before = stage.now.instant
      _ = stage.waitForDeadline()
      waits.append(stage.now.instant - before)
      _ = stage.after { $0.linkConnected(at: $1) }
      _ = hear(stage, .rekey(reason: "a twin"))
    }
    #expect(waits.max() ?? .zero > .seconds(1))
  }
}
