import Testing
import Wire

@testable import Console

@Suite struct RunTallyTests {
  @Test func progressTellsWhatIsNotWell() {
    var tally = RunTally()
    tally.expect(1000)
    #expect(tally.progressLine == "0/1000")
    for _ in 0..<307 { tally.count(.ok) }
    for _ in 0..<3 { tally.count(.refused) }
    for _ in 0..<2 { tally.count(.timedOut) }
    #expect(tally.progressLine == "312/1000, 3 refused, 2 timed out")
    #expect(
      tally.summary(elapsedMicroseconds: 1_200_000)
        == "307 of 1000 hosts ok, 3 refused, 2 timed out, 688 without an answer, in 1.2s")
    #expect(!tally.isAllWell)
  }

  @Test func allWellIsEveryHost() {
    var tally = RunTally()
    #expect(!tally.isAllWell, "of nobody nothing is well")
    tally.expect(2)
    tally.count(.ok)
    #expect(!tally.isAllWell)
    tally.count(.ok)
    #expect(tally.isAllWell)
    #expect(tally.summary(elapsedMicroseconds: 900) == "2 of 2 hosts ok, in 900us")
  }

  @Test(arguments: CommandOutcome.allCases.filter { $0 != .ok })
  func everyOtherOutcomeIsTold(outcome: CommandOutcome) {
    var tally = RunTally()
    tally.count(outcome)
    #expect(tally.progressLine == "1/1, 1 \(outcome.word)")
    #expect(!tally.isAllWell)
  }
}

@Suite struct RunReportTests {
  @Test func outputWaitsForItsResult() throws {
    var report = RunReport()
    #expect(report.apply(RunUpdate(runID: "r7", progress: RunProgress(total: 2))).isEmpty)
    #expect(report.apply(output("a", .text("first"))).isEmpty)
    #expect(report.apply(output("b", .text("other"))).isEmpty)
    #expect(report.apply(output("a", .text("second"))).isEmpty)
    let answers = report.apply(result("a", .ok))
    let answer = try #require(answers.first)
    #expect(answers.count == 1 && answer.instance == "a" && answer.result?.outcome == .ok)
    #expect(answer.contents == [.text("first"), .text("second")])
    #expect(report.runID == "r7" && report.tally.progressLine == "1/2")
    // What has a result has had its last word.
    #expect(report.apply(output("a", .text("late"))).isEmpty)
    #expect(report.apply(result("a", .failed)).isEmpty)
    #expect(report.tally[.failed] == 0)
    let rest = report.rest()
    #expect(rest.map(\.instance) == ["b"] && rest.first?.result == nil)
    #expect(report.rest().isEmpty)
  }

  @Test func aTextOfNoHostIsANote() {
    var report = RunReport()
    let note = RunUpdate(runID: "r7", output: CommandOutput(id: "", content: .text("2 parts are left out")))
    #expect(note.runNote == "2 parts are left out")
    #expect(report.apply(note).isEmpty && report.rest().isEmpty)
    #expect(output("a", .text("x")).runNote == nil)
  }

  @Test func resultAndOutputInOneUpdate() {
    var report = RunReport()
    var update = result("a", .failed)
    update.output = CommandOutput(id: "", content: .text("why"))
    #expect(report.apply(update).first?.contents == [.text("why")])
  }

  @Test func aHostThatNeverCameHasAnAnswerToo() {
    var report = RunReport()
    let never = ["x", "y"].map {
      RunUpdate(runID: "r7", instance: $0, result: CommandResult(id: "", outcome: .unreachable))
    }
    #expect(never.flatMap { report.apply($0) }.map(\.instance) == ["x", "y"])
    #expect(report.tally[.unreachable] == 2)
  }

  @Test func whatIsHeldIsBounded() {
    var report = RunReport()
    let samples = (0..<1000).map { CommandSample(name: "m\($0)", value: 1) }
    var shown = 0
    for host in 0..<200 {
      for answer in report.apply(output("h\(host)", .samples(CommandSamples(samples: samples)))) {
        #expect(answer.result == nil)
        shown += 1
      }
    }
    // 99 hosts are held; from then on each is shown as it comes.
    #expect(shown == 101)
    #expect(report.rest().count == 99)
    #expect(report.apply(output("again", .samples(CommandSamples(samples: samples)))).isEmpty)
  }

  private func output(_ host: String, _ content: CommandOutput.Content) -> RunUpdate {
    RunUpdate(
      runID: "r7", hostID: "id-\(host)", instance: host, output: CommandOutput(id: "", content: content))
  }

  private func result(_ host: String, _ outcome: CommandOutcome) -> RunUpdate {
    RunUpdate(
      runID: "r7", hostID: "id-\(host)", instance: host, result: CommandResult(id: "", outcome: outcome))
  }
}
