import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct CommandRunTests {
  private func run(_ count: Int, outputLimit: Int = 1000, log: RunLog = RunLog()) -> CommandRun {
    CommandRun(
      commandID: "1-x", runID: "1", hosts: (0..<count).map { (id: "id-\($0)", instance: "host-\($0)") },
      outputLimitBytes: outputLimit, deadline: Moment.at(30).instant, log: log)
  }

  private func ok(_ reason: String = "") -> CommandResult {
    CommandResult(id: "1-x", outcome: .ok, reason: reason)
  }

  private func text(_ text: String) -> CommandOutput { CommandOutput(id: "1-x", content: .text(text)) }

  /// What a reader that begins now finds, in few words.
  private func told(_ run: CommandRun) -> [String] {
    var cursor = RunLog.Cursor()
    var lines: [String] = []
    while let entry = run.log.next(&cursor) {
      switch entry {
      case .progress(let progress): lines.append(progress.summary)
      case .output(let position, let output):
        if case .text(let text) = output.content { lines.append("\(position): \(text)") }
      case .result(let position, let result, _): lines.append("\(position) \(result.outcome)")
      case .skipped(let count): lines.append("skipped \(count)")
      }
    }
    return lines
  }

  @Test func aTranscript() {
    var run = run(4)
    run.begin([
      .sent(stream: 1), .sent(stream: 2), .settled(.unreachable, reason: "not connected"), .sent(stream: 4),
    ])
    #expect(run.output(text("a"), bytes: 10, from: "id-0") == .taken)
    #expect(run.result(ok(), from: "id-0") == true)
    #expect(run.result(CommandResult(id: "1-x", outcome: .refused, reason: "no"), from: "id-1") == true)
    run.lost("id-3", stream: 4)
    #expect(
      told(run) == [
        "0 of 4 ok, 4 without a result", "2 unreachable", "0: a", "0 ok", "1 refused", "3 lost",
      ])
    #expect(run.phase == .over(.ok))
    #expect(run.ending.outcome == "failed")
    #expect(run.ending.summary == "1 of 4 ok, 1 failed, 1 refused, 1 unreachable")
    #expect(run.results.map(\.outcome) == ["refused", "unreachable", "lost", "ok"])
  }

  @Test func everyHostHasOneLastWord() {
    var run = run(2)
    run.begin([.sent(stream: 1), .sent(stream: 2)])
    #expect(run.result(ok(), from: "id-0") == true)
    #expect(run.result(ok(), from: "id-0") == false)
    #expect(run.output(text("late"), bytes: 1, from: "id-0") == .refused)
    #expect(run.output(text("whose?"), bytes: 1, from: "id-9") == .refused)
    run.lost("id-0", stream: 1)
    #expect(run.progress == RunProgress(total: 2, done: 1, ok: 1))
  }

  @Test func onlyTheStreamItWentDownLosesIt() {
    var run = run(1)
    run.begin([.sent(stream: 5)])
    run.lost("id-0", stream: 4)
    #expect(run.phase == .running)
    run.lost("id-0", stream: 5)
    #expect(run.results.map(\.outcome) == ["lost"])
  }

  @Test func whatDoesNotComeIsTimedOut() {
    var run = run(3)
    run.begin([.sent(stream: 1), .sent(stream: 2), .sent(stream: 3)])
    #expect(run.result(ok(), from: "id-1") == true)
    #expect(run.tick(at: Moment.at(29.9).instant) == [])
    #expect(run.tick(at: Moment.at(30).instant) == [0, 2])
    #expect(run.progress == RunProgress(total: 3, done: 3, ok: 1, timedOut: 2))
    #expect(run.tick(at: Moment.at(31).instant) == [])
    #expect(run.result(ok(), from: "id-0") == false)
  }

  @Test func cancelTellsThoseWithoutAResult() {
    var run = run(3)
    run.begin([.sent(stream: 1), .sent(stream: 2), .sent(stream: 3)])
    #expect(run.result(ok(), from: "id-1") == true)
    #expect(run.cancel("left") == [0, 2])
    #expect(run.cancel("left") == [])
    #expect(run.ending.outcome == "cancelled")
    #expect(run.ending.summary == "1 of 3 ok, 2 failed")
    // Before it was written down, nobody knows of it.
    var early = self.run(1)
    #expect(early.cancel("left") == [])
    early.begin([.sent(stream: 1)])
    #expect(early.phase == .over(Status(.cancelled, "left")))
    #expect(early.ending.outcome == "cancelled")
  }

  @Test func aFloodIsCut() {
    var run = run(2, outputLimit: 1000)
    run.begin([.sent(stream: 1), .sent(stream: 2)])
    let most = 1000 + RunLimits.outputSlackBytes
    #expect(run.output(text("much"), bytes: most, from: "id-0") == .taken)
    #expect(run.output(text("too much"), bytes: 1, from: "id-0") == .flood)
    #expect(run.output(text("more"), bytes: 1, from: "id-0") == .refused)
    #expect(run.result(ok(), from: "id-0") == false)
    #expect(run.result(ok(), from: "id-1") == true)
    #expect(told(run).suffix(3) == ["0: much", "0 failed", "1 ok"])
  }

  @Test(arguments: [CommandOutcome.unknown, .timedOut, .lost, .unreachable])
  func theAggregatorsWordIsNotAHosts(_ outcome: CommandOutcome) {
    var run = run(1)
    run.begin([.sent(stream: 1)])
    #expect(run.result(CommandResult(id: "1-x", outcome: outcome), from: "id-0") == true)
    #expect(run.results.map(\.outcome) == ["failed"])
    #expect(run.results.first?.reason.contains("that a host cannot have") == true)
  }

  @Test func whatIsNotWrittenDownIsNotBegun() {
    var run = run(1)
    run.fail(Status(.unavailable, "disk full"))
    run.begin([.sent(stream: 1)])
    #expect(run.phase == .over(Status(.unavailable, "disk full")))
    #expect(run.ending.outcome == "failed")
    #expect(run.ending.summary == "disk full")
  }
}

@Suite struct RunLogTests {
  private func part(_ number: UInt32) -> CommandOutput {
    CommandOutput(id: "1", part: number, content: .text(""))
  }

  private func read(_ log: RunLog, _ cursor: inout RunLog.Cursor) -> [RunLog.Entry] {
    var entries: [RunLog.Entry] = []
    while let entry = log.next(&cursor) { entries.append(entry) }
    return entries
  }

  @Test func readersReadInOrderAtTheirOwnPace() {
    var log = RunLog()
    var first = RunLog.Cursor()
    var second = RunLog.Cursor()
    log.append(.progress(RunProgress(total: 1)))
    log.append(part(0), from: 0, bytes: 10)
    #expect(read(log, &first).count == 2)
    log.append(part(1), from: 0, bytes: 10)
    let result = RunLog.Entry.result(0, CommandResult(id: "1", outcome: .ok), RunProgress(total: 1, done: 1))
    log.append(result)
    #expect(read(log, &first) == [.output(0, part(1)), result])
    #expect(
      read(log, &second) == [
        .progress(RunProgress(total: 1)), .output(0, part(0)), .output(0, part(1)), result,
      ])
    #expect(log.next(&first) == nil)
  }

  @Test func theOldestOutputGoesAndItIsSaidHowMuch() {
    var log = RunLog(limit: 10 * (100 + RunLimits.bytesPerPart))
    var slow = RunLog.Cursor()
    var fast = RunLog.Cursor()
    for number in 0..<1000 as Range<UInt32> {
      log.append(part(number), from: 0, bytes: 100)
      #expect(read(log, &fast) == [.output(0, part(number))])
      #expect(log.heldBytes <= 10 * (100 + RunLimits.bytesPerPart))
      if number == 500 {
        #expect(read(log, &slow) == [.skipped(491)] + (491...500).map { .output(0, part($0)) })
      }
    }
    #expect(read(log, &slow).first == .skipped(489))
    log.forget(before: fast)
    #expect(log.heldBytes == 0)
    // A result is never left out.
    log.append(.result(0, CommandResult(id: "1"), RunProgress()))
    log.forgetOutput()
    #expect(read(log, &slow).count == 1)
  }
}
