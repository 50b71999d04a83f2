import GRPC
import Selection
import Testing
import Wire

@testable import Collector

@Suite struct CommandsDeskTests {
  private let host = FakeEnvironment()

  private func desk(
    forbidden: Set<CommandKind> = [], _ limits: CommandLimits = CommandLimits()
  ) -> CommandDesk {
    CommandDesk(limits: limits, forbidden: forbidden, environment: host)
  }

  @Test func pingIsAnsweredAtOnce() {
    let desk = desk()
    desk.begin(.test("a", .ping), at: .at(0))
    #expect(desk.told == ["a ok"])
    #expect(desk.nextDeadline == nil && desk.count == 0)
  }

  @Test func whatMayNotBeBegunIsSaidAndNothingIsDone() {
    let desk = desk(forbidden: [.shutdown, .recorder])
    desk.begin(.test("a", .shutdown), at: .at(0))
    desk.begin(.test("b", nil), at: .at(0))
    var late = Command.test("c", .reload)
    late.timeToLiveMilliseconds = 0
    desk.begin(late, at: .at(0))
    #expect(
      desk.told == [
        "a refused: shutdown is forbidden on this host: remote.forbid in /etc/muster/collector.yaml names it",
        "b unsupported: this collector does not know the command; a newer version may",
        "c expired: its time to live had passed before it could be begun; nothing was done",
      ])
    // The administrator thinks again.
    desk.forbidden = []
    desk.begin(.test("d", .shutdown), at: .at(1))
    #expect(desk.told == ["d effect"])
  }

  @Test(
    arguments: [
      (.topProcesses(TopProcessesAction(count: 101)), "count is 101; 1 to 100 processes are shown"),
      (
        .topProcesses(TopProcessesAction(windowMilliseconds: 99)),
        "the window is 99 ms; 100 to 10000 ms are measured over"
      ),
      (
        .setResolution(SetResolutionAction(intervalMilliseconds: 60_001)),
        "the interval is 60001 ms; 100 to 60000 ms can be had"
      ),
      (
        .setResolution(SetResolutionAction(intervalMilliseconds: 100, leaseMilliseconds: 999)),
        "the lease is 999 ms; 1000 to 3600000 ms are granted"
      ),
      (
        .logLevel(LogLevelAction(level: "loud")),
        #"there is no log level "loud"; there are trace, debug, info, notice, warning, error, critical"#
      ),
      (
        .logLevel(LogLevelAction(level: "debug", leaseMilliseconds: 1)),
        "the lease is 1 ms; 1000 to 86400000 ms are granted"
      ),
    ] as [(Action, String)])
  func valuesOutOfRange(_ action: Action, _ reason: String) {
    let desk = desk()
    desk.begin(.test("a", action), at: .at(0))
    #expect(desk.told == ["a failed: \(reason)"])
    #expect(desk.count == 0)
  }

  @Test func whatCannotBeReadIsSaid() throws {
    let desk = desk()
    desk.begin(.test("a", .sampleNow(pattern: "node cpu")), at: .at(0))
    desk.begin(.test("b", .planConfig([0xff, 0xff])), at: .at(0))
    let told = desk.told
    #expect(told.count == 2)
    #expect(told[0].hasPrefix("a failed: ") && told[0].contains("node_cpu_*"))
    #expect(told[1].hasPrefix("b failed: the config cannot be read: "))
    host.recorder.isOn = false
    desk.begin(.test("c", .recorder(lastMilliseconds: 0)), at: .at(0))
    #expect(
      desk.told == ["c failed: the recorder is switched off on this host, by its config or to save CPU"])
  }

  @Test func anEffectIsAnsweredByTheLoop() throws {
    let desk = desk()
    desk.begin(.test("a", .sampleNow(pattern: "node_*")), at: .at(0))
    guard case .effect(.sampleNow(let pattern), "a")? = desk.takeEvent() else {
      Issue.record("no effect")
      return
    }
    #expect(pattern.matches("node_load1"))
    #expect(desk.takeEvent() == nil)
    let samples = CommandSamples(
      timeMicroseconds: 1, samples: [CommandSample(name: "node_load1", value: 0.5)])
    desk.finish("a", .ok, "", output: [.samples(samples), .text("done")], at: .at(0.25))
    var outputs: [CommandOutput] = []
    guard case .output(let output)? = desk.takeEvent() else {
      Issue.record("no output")
      return
    }
    #expect(output == CommandOutput(id: "a", part: 0, content: .samples(samples)))
    #expect(desk.told(&outputs) == ["a output 1", "a ok"])
    // Too late, and unknown: nothing.
    desk.finish("a", .failed, "x", output: [], at: .at(1))
    desk.finish("b", .ok, "", output: [], at: .at(1))
    #expect(desk.told.isEmpty)
  }

  @Test func durationAndPartsAreSaid() {
    let desk = desk()
    desk.begin(.test("a", .reload), at: .at(1))
    _ = desk.takeEvent()
    desk.finish("a", .ok, "", output: [.text("x"), .text("y")], at: .at(1.5))
    _ = (desk.takeEvent(), desk.takeEvent())
    guard case .result(let result)? = desk.takeEvent() else {
      Issue.record("no result")
      return
    }
    #expect(result == CommandResult(id: "a", outcome: .ok, durationMicroseconds: 500_000, parts: 2))
  }

  @Test func whatTakesTooLongFails() {
    let desk = desk()
    desk.begin(.test("a", .reload), at: .at(0))
    var unsaid = Command.test("b", .reload)
    unsaid.timeoutMilliseconds = 0
    desk.begin(unsaid, at: .at(0))
    #expect(desk.told == ["a effect", "b effect"])
    #expect(desk.nextDeadline == Moment.at(5).instant)
    desk.step(at: .at(4.999))
    #expect(desk.told.isEmpty)
    desk.step(at: .at(5))
    #expect(desk.told == ["a failed: not done after 5s, the time it was given; give it more"])
    #expect(desk.nextDeadline == Moment.at(30).instant)
    desk.finish("a", .ok, "", output: [], at: .at(6))
    #expect(desk.told.isEmpty)
  }

  @Test func cancelledAtOnce() {
    let desk = desk()
    desk.begin(.test("a", .reload), at: .at(0))
    desk.begin(.test("b", .topProcesses(TopProcessesAction())), at: .at(0))
    #expect(desk.told == ["a effect"])
    desk.cancel("b", at: .at(0.1))
    desk.cancel("a", at: .at(0.1))
    desk.cancel("a", at: .at(0.1))
    desk.cancel("nobody", at: .at(0.1))
    #expect(desk.told == ["b cancelled: cancelled", "a cancelled: cancelled; what it had begun goes on"])
    #expect(desk.count == 0)
  }

  @Test func outputThatWaitsIsTakenBackByCancel() {
    let desk = desk()
    host.recentLogLines = ["x"]
    desk.begin(.test("a", .diagnostics), at: .at(0))
    for _ in 0..<3 { desk.step(at: .at(0)) }
    #expect(desk.outbox.bytes > 0)
    _ = desk.takeEvent()
    desk.cancel("a", at: .at(0.1))
    guard case .result(let result)? = desk.takeEvent() else {
      Issue.record("no result")
      return
    }
    #expect(result.outcome == .cancelled && result.parts == 1)
    #expect(desk.takeEvent() == nil && desk.outbox.bytes == 0)
  }

  @Test func aCommandThatComesAgainIsNotDoneAgain() {
    let desk = desk()
    desk.begin(.test("a", .reload, key: "k"), at: .at(0))
    // While it is under way: by its id, and by its key under another id.
    desk.begin(.test("a", .reload, key: "k"), at: .at(0.1))
    desk.begin(.test("b", .reload, key: "k"), at: .at(0.1))
    #expect(desk.told == ["a effect"])
    desk.finish("a", .ok, "", output: [.text("reloaded")], at: .at(0.2))
    #expect(desk.told == ["a output 0", "b output 0", "a ok", "b ok"])
    // And afterwards: by id, by the other id, by key.
    desk.begin(.test("a", .reload), at: .at(1))
    desk.begin(.test("b", .reload), at: .at(1))
    desk.begin(.test("c", .reload, key: "k"), at: .at(1))
    desk.begin(.test("c", .reload), at: .at(2))
    #expect(
      desk.told == ["a output 0", "a ok", "b output 0", "b ok", "c output 0", "c ok", "c output 0", "c ok"])
    #expect(desk.repeated == 5)
    // Another key is another command.
    desk.begin(.test("d", .reload, key: "l"), at: .at(3))
    #expect(desk.told == ["d effect"])
  }

  @Test func whatWasNotBegunMayBeTriedAgainWithItsKey() {
    let desk = desk()
    var late = Command.test("a", .reload, key: "k")
    late.timeToLiveMilliseconds = 0
    desk.begin(late, at: .at(0))
    desk.begin(.test("b", .reload, key: "k"), at: .at(0))
    #expect(desk.told.last == "b effect")
    desk.begin(.test("a", .reload, key: "other"), at: .at(0))
    #expect(desk.told.last?.hasPrefix("a expired") == true)
  }

  @Test func memoryIsBounded() {
    var limits = CommandLimits()
    limits.rememberedBytes = 5000
    let desk = desk(limits)
    let text = String(repeating: "x", count: 1000)
    for number in 0..<100 {
      desk.begin(.test("\(number)", .reload), at: .at(0))
      desk.finish("\(number)", .ok, "", output: [.text(text)], at: .at(0))
      #expect(desk.remembered.bytes <= 5000)
      #expect(desk.remembered.count == min(number + 1, 64))
    }
    _ = desk.told
    desk.begin(.test("99", .reload), at: .at(1))
    desk.begin(.test("40", .reload), at: .at(1))
    desk.begin(.test("35", .reload), at: .at(1))
    #expect(
      desk.told == [
        "99 output 0", "99 ok", "40 ok: done before, and its output is no longer kept", "35 effect",
      ])
  }

  @Test func sixteenAtOnce() {
    let desk = desk()
    for number in 0..<17 { desk.begin(.test("\(number)", .reload), at: .at(0)) }
    let told = desk.told
    #expect(told.prefix(16).allSatisfy { $0.hasSuffix("effect") })
    #expect(
      told.last
        == "16 failed: 16 commands are under way on this host already; wait for one to end")
    #expect(desk.turnedAway == 1)
    desk.finish("3", .ok, "", output: [], at: .at(1))
    desk.begin(.test("17", .reload), at: .at(1))
    #expect(desk.told == ["3 ok", "17 effect"])
  }

  @Test func fewScansAtOnce() {
    let desk = desk()
    for number in 0..<5 {
      desk.begin(.test("\(number)", .topProcesses(TopProcessesAction())), at: .at(0))
    }
    #expect(desk.told == ["4 failed: 4 top-processes commands are under way already; wait for one to end"])
  }

  @Test func aLostConnectionDropsWhatOnlyReads() {
    let desk = desk()
    desk.begin(.test("a", .topProcesses(TopProcessesAction())), at: .at(0))
    desk.begin(.test("b", .ping), at: .at(0))
    desk.begin(.test("c", .reload, key: "k"), at: .at(0))
    desk.connectionLost()
    #expect(desk.told == ["c effect"])
    #expect(desk.count == 1)
    // Nobody hears it; who asks again does.
    desk.finish("c", .ok, "", output: [.text("x")], at: .at(1))
    #expect(desk.told.isEmpty)
    desk.begin(.test("d", .reload, key: "k"), at: .at(2))
    #expect(desk.told == ["d output 0", "d ok"])
  }

  @Test func whoAsksAgainWhileItLastsHearsTheEnd() {
    let desk = desk()
    desk.begin(.test("c", .reload, key: "k"), at: .at(0))
    desk.connectionLost()
    desk.begin(.test("d", .reload, key: "k"), at: .at(1))
    desk.begin(.test("c", .reload, key: "k"), at: .at(1))
    desk.finish("c", .ok, "", output: [], at: .at(2))
    #expect(desk.told == ["c effect", "d ok", "c ok"])
  }

  @Test func aFloodIsNotAnswered() {
    var limits = CommandLimits()
    limits.waitingEvents = 100
    limits.waitingBytes = 2000
    let desk = desk(limits)
    desk.begin(.test("a", .reload), at: .at(0))
    desk.finish("a", .ok, "", output: [.text(String(repeating: "x", count: 1000))], at: .at(0))
    // What it said before is said again while there is room.
    for _ in 0..<500 { desk.begin(.test("a", .reload), at: .at(1)) }
    #expect(desk.outbox.bytes < 3100)
    #expect(desk.outbox.count <= 101)
    for number in 0..<500 { desk.begin(.test("p\(number)", .ping), at: .at(1)) }
    #expect(desk.outbox.count <= 101)
    #expect(desk.turnedAway > 800)
    #expect(desk.told.contains("a ok: done before, and its output is no longer kept"))
    desk.begin(.test("b", .ping), at: .at(2))
    #expect(desk.told == ["b ok"])
  }

  @Test func whoComesLateToLargeOutputIsTold() {
    var limits = CommandLimits()
    limits.rememberedBytes = 300
    let desk = desk(limits)
    host.recentLogLines = [String(repeating: "x", count: 1000)]
    desk.begin(.test("a", .diagnostics, key: "k"), at: .at(0))
    for _ in 0..<7 { desk.step(at: .at(0)) }
    desk.begin(.test("b", .diagnostics, key: "k"), at: .at(0))
    let reason =
      "the same command is under way already, and what it said so far is not kept; try again when it is done"
    #expect(desk.told.last == "b failed: \(reason)")
    let (told, _) = desk.run(from: .at(0))
    #expect(told.last == "a ok")
    #expect(desk.remembered.bytes == 0)
  }

  @Test func stepsTakeTurnsAndStopWhenNobodyTakesOutput() {
    var limits = CommandLimits()
    limits.waitingBytes = 100
    let desk = desk(limits)
    host.recentLogLines = Array(repeating: String(repeating: "x", count: 100), count: 10)
    desk.begin(.test("a", .diagnostics), at: .at(0))
    desk.begin(.test("b", .diagnostics), at: .at(0))
    for _ in 0..<50 { desk.step(at: .at(0)) }
    #expect(desk.outbox.bytes >= 100)
    // Nothing to do at once, or the loop would spin; only the deadline is left.
    #expect(desk.nextDeadline == Moment.at(5).instant)
    let (told, _) = desk.run(from: .at(0))
    let parts = told.filter { $0.contains("output") }.map(\.first)
    #expect(parts.prefix(6) == ["a", "b", "a", "b", "a", "b"])
    #expect(told.suffix(2) == ["a ok", "b ok"])
  }
}
