import Testing
import Wire

@testable import Console

@Suite struct AnswerTextTests {
  @Test func oneLineAHost() {
    #expect(text(.ok, duration: 1_200) == "web1                  ok  1ms\n")
    #expect(
      text(.refused, reason: "shutdown is forbidden by /etc/muster/collector.yaml: remote.forbid")
        == "web1                  refused  shutdown is forbidden by /etc/muster/collector.yaml: remote.forbid\n"
    )
    // Who gives no reason is explained.
    #expect(text(.unreachable) == "web1                  unreachable  not connected: nothing was sent\n")
    #expect(text(.ok, bytesCut: 2048) == "web1                  ok  (2.0K of output were cut off)\n")
  }

  @Test func processesBeneathTheirHost() {
    let list = ProcessList(
      timeMicroseconds: 0,
      processes: [
        ProcessInfo(
          pid: 4242, name: "postgres", commandLine: "postgres -D /data", user: "postgres", cpuRatio: 1.5,
          residentBytes: 1 << 30, readBytesPerSecond: 2048, writtenBytesPerSecond: .nan, threads: 7,
          state: "R", startedMicroseconds: 40_000_000),
        ProcessInfo(pid: 2, name: "kthreadd", user: "root", state: "S"),
      ], total: 20_000, examined: 19_000, windowMilliseconds: 1000)
    #expect(
      lines(.processes(list)) == [
        " PID  USER       CPU   MEM  READ/s  WRITE/s  THREADS  S   AGE  COMMAND",
        "4242  postgres  150%  1.0G    2.0K        -        7  R  1m0s  postgres -D /data",
        "   2  root      0.0%    0B      0B       0B        0  S     -  [kthreadd]",
        "20000 processes, 19000 of them looked at, over 1s",
      ])
    let narrow = lines(.processes(list), columns: 40)
    #expect(narrow.dropLast().allSatisfy { $0.displayWidth <= 38 })
  }

  @Test func disksWithAndWithoutFigures() {
    let list = DiskUsageList(mounts: [
      MountUsage(
        mountPoint: "/", device: "/dev/sda1", type: "ext4", sizeBytes: 1000, usedBytes: 600,
        availableBytes: 200, inodes: 100, inodesUsed: 50, readOnly: true),
      MountUsage(mountPoint: "/mnt", device: "nas:/x", type: "nfs4", problem: "stuck for 12 s"),
    ])
    let shown = lines(.disks(list))
    #expect(shown[1].contains("75.0%") && shown[1].contains("50.0%") && shown[1].hasSuffix("read-only"))
    #expect(shown[2].hasPrefix("/mnt") && shown[2].hasSuffix("stuck for 12 s"))
  }

  @Test func everyKindOfOutputIsShown() {
    let samples = CommandSamples(
      samples: [
        CommandSample(name: "node_load1", value: 0.25),
        CommandSample(name: "up", labels: [Label("a", "b")], value: 12),
      ])
    #expect(lines(.samples(samples)) == ["0.25  node_load1", "  12  up{a=\"b\"}"])
    #expect(lines(.text("one\ntwo\t3")) == ["one", "two    3"])
    #expect(
      lines(
        .recorder(RecorderPart(frames: [[1, 2], [3]])), .recorder(RecorderPart(minutes: [ProcessList()])))
        == ["2 frames, 3B, and the processes of 1 minute"])
    let check = SelfCheckReport(lines: [
      SelfCheckLine(
        subject: "diskstats", state: "denied", detail: "run as root", readMicroseconds: 120, series: 17)
    ])
    #expect(lines(.selfCheck(check)).last == "diskstats  denied  120us      17  run as root")
    #expect(
      lines(.diagnostics(DiagnosticsPart(name: "log", content: [UInt8](repeating: 0, count: 2048))))
        == ["log  2.0K"])
    #expect(lines(.plan(PlanReport(seriesNow: 3, seriesThen: 2)))[0].hasPrefix("series 3 -> 2"))
  }

  @Test func aHostCannotSpeakToTheTerminal() {
    let evil = "\u{1B}]0;x\u{07}\u{9B}2J\u{202E}"
    let contents: [CommandOutput.Content] = [
      .text(evil), .samples(CommandSamples(samples: [CommandSample(name: evil, value: 1)])),
      .processes(
        ProcessList(processes: [
          ProcessInfo(pid: 1, name: evil, commandLine: evil, user: evil, state: evil)
        ])),
      .disks(DiskUsageList(mounts: [MountUsage(mountPoint: evil, device: evil, type: evil, problem: evil)])),
      .selfCheck(SelfCheckReport(lines: [SelfCheckLine(subject: evil, state: evil, detail: evil)])),
      .diagnostics(DiagnosticsPart(name: evil)),
      .plan(
        PlanReport(
          unreadable: [ConfigProblem(key: evil, message: evil)],
          refused: [ConfigProblem(key: evil, message: evil)], changes: [evil])),
    ]
    let answer = HostAnswer(
      hostID: "id", instance: evil, contents: contents,
      result: CommandResult(id: "", outcome: .failed, reason: evil))
    let shown = AnswerText(style: Style(isEnabled: false), columns: 80, now: 0).text(answer)
    #expect(!shown.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B || $0.value == 0x202E })
    #expect(shown.contains("\u{FFFD}]0;x"))
  }

  private func lines(_ contents: CommandOutput.Content..., columns: Int? = nil) -> [String] {
    let answer = HostAnswer(hostID: "id", instance: "h", contents: contents, result: nil)
    return AnswerText(style: Style(isEnabled: false), columns: columns, now: 100_000_000).text(answer)
      .split(separator: "\n").dropFirst().map { String($0.dropFirst(2)) }
  }

  private func text(
    _ outcome: CommandOutcome, reason: String = "", duration: UInt64 = 0, bytesCut: UInt64 = 0
  ) -> String {
    let answer = HostAnswer(
      hostID: "id", instance: "web1", contents: [],
      result: CommandResult(
        id: "", outcome: outcome, reason: reason, durationMicroseconds: duration, bytesCut: bytesCut))
    return AnswerText(style: Style(isEnabled: false), columns: nil, now: 0).text(answer)
  }
}
