import Foundation
import Testing
import Wire

@testable import Console

@Suite struct HostsTableTests {
  @Test func columnsThatNobodyNeedsAreNotThere() {
    let plain = heading([host("a")])
    #expect(!plain.contains("CONFIG") && !plain.contains("CLONE OF"))
    #expect(heading([host("a"), configured("b", .verified)]).contains("CONFIG"))
    var clone = host("c")
    clone.clonedFrom = "0123456789abcdef0123456789abcdef"
    let text = table([host("a"), clone])
    #expect(text[0].contains("CLONE OF"))
    #expect(text[2].contains("0123456789ab") && !text[2].contains("0123456789abc"))
  }

  @Test func everyStateHasAWord() {
    let words = HostState.allCases.map(\.word)
    #expect(Set(words).count == HostState.allCases.count)
    #expect(words.allSatisfy { $0.displayWidth <= 8 }, "the fleet's column is that wide")
  }

  @Test func configAtAGlance() {
    #expect(host("a").configText == "-")
    #expect(configured("a", .verified).configText == "v12 verified")
    #expect(configured("a", .rolledBack).configText == "v12 rolled back")
    #expect(configured("a", .unknown).configText == "v12")
  }

  @Test func aHostsOwnLabelsWin() {
    var host = host("a", labels: [Label("role", "web")])
    host.configLabels = [Label("role", "db"), Label("team", "x")]
    #expect(host.labelTexts == ["role=web", "team=x"])
  }

  @Test func jsonSaysWhatThereIs() throws {
    let text = try JSONOutput.line(HostDocument(configured("a", .rolledBack)))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["config_state"] as? String == "rolled_back" && object["config_version"] as? Int == 12)
    #expect(object["forbidden_commands"] as? [String] == [])
    let plain = try JSONOutput.line(HostDocument(host("a")))
    #expect(!plain.contains("config_state"))
  }

  private func table(_ hosts: [HostInfo]) -> [Substring] {
    HostsTable(hosts, now: 2_000_000).text(style: Style(isEnabled: false)).split(separator: "\n")
  }

  private func heading(_ hosts: [HostInfo]) -> Substring { table(hosts)[0] }
}

@Suite struct RunDocumentTests {
  @Test func oneLineAHost() throws {
    let answer = HostAnswer(
      hostID: "0a", instance: "web1",
      contents: [
        .text("x"), .text("y"), .recorder(RecorderPart(frames: [[1]])),
        .recorder(RecorderPart(frames: [[2]])),
        .diagnostics(DiagnosticsPart(name: "log", content: [0x61])),
      ],
      result: CommandResult(id: "", outcome: .timedOut, reason: "late", durationMicroseconds: 5))
    let text = try JSONOutput.line(AnswerDocument(answer, runID: "r7"))
    #expect(text.split(separator: "\n").count == 1)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["run_id"] as? String == "r7" && object["outcome"] as? String == "timed_out")
    #expect(object["text"] as? [String] == ["x", "y"] && object["processes"] == nil)
    #expect((object["recorder"] as? [String: Any])?["frames"] as? Int == 2)
    #expect((object["diagnostics"] as? [[String: Any]])?.first?["content"] as? String == "a")
  }

  @Test func figuresThatAreNotKnownAreNull() throws {
    let list = ProcessList(processes: [ProcessInfo(pid: 1, cpuRatio: .nan, readBytesPerSecond: .infinity)])
    let answer = HostAnswer(hostID: "0a", instance: "h", contents: [.processes(list)], result: nil)
    let text = try JSONOutput.line(AnswerDocument(answer, runID: ""))
    #expect(!text.contains("cpu_ratio") && text.contains("\"pid\":1"))
  }

  @Test func theLastLineCounts() throws {
    var report = RunReport()
    _ = report.apply(RunUpdate(runID: "r7", progress: RunProgress(total: 3)))
    for (host, outcome) in [("a", CommandOutcome.ok), ("b", .refused)] {
      _ = report.apply(
        RunUpdate(runID: "r7", hostID: host, instance: host, result: CommandResult(id: "", outcome: outcome)))
    }
    let text = try JSONOutput.line(RunSummaryDocument(report, cancelled: true))
    #expect(
      text
        == #"{"run_id":"r7","summary":{"cancelled":true,"done":2,"outcomes":{"ok":1,"refused":1},"total":3}}"#
        + "\n")
  }
}
