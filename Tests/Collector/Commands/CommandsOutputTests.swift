import GRPC
import Testing
import Wire

@testable import Collector

@Suite struct CommandsOutputTests {
  private let samples = (0..<20_000).map { number in
    CommandSample(
      name: "node_something_or_other_bytes", labels: [Label("number", "\(number)")], value: Double(number))
  }

  /// Finishes a command with content; the parts, and the result.
  private func finish(
    _ content: [CommandOutput.Content], output: UInt32 = 0
  ) -> (parts: [CommandOutput.Content], result: CommandResult?) {
    let desk = CommandDesk(forbidden: [], environment: FakeEnvironment())
    desk.begin(.test("a", .reload, output: output), at: .at(0))
    _ = desk.takeEvent()
    desk.finish("a", .ok, "", output: content, at: .at(0))
    var parts: [CommandOutput.Content] = []
    while let event = desk.takeEvent() {
      switch event {
      case .output(let output):
        #expect(Int(output.part) == parts.count)
        parts.append(output.content)
      case .result(let result): return (parts, result)
      case .effect: Issue.record("an effect")
      }
    }
    return (parts, nil)
  }

  @Test func largeContentIsSentInParts() {
    let (parts, result) = finish(
      [.samples(CommandSamples(timeMicroseconds: 7, samples: samples))], output: 8 << 20)
    #expect(parts.count > 5 && result?.parts == UInt32(parts.count) && result?.bytesCut == 0)
    var together: [CommandSample] = []
    for part in parts {
      #expect(part.packedBytes <= CommandLimits().partBytes)
      guard case .samples(let part) = part else { continue }
      #expect(part.timeMicroseconds == 7)
      together += part.samples
    }
    #expect(together == samples)
  }

  @Test func whatIsBeyondTheLimitIsCutAndCounted() {
    let content = CommandOutput.Content.samples(CommandSamples(samples: samples))
    let (parts, result) = finish([content, .text("and this")], output: 300_000)
    let bytes = parts.reduce(0) { $0 + $1.packedBytes }
    #expect(bytes <= 300_000 && bytes > 299_000)
    let kept = parts.reduce(0) { sum, part in
      if case .samples(let part) = part { sum + part.samples.count } else { sum }
    }
    #expect(kept > 5000 && kept < 10_000)
    // The whole, but for what messages have in front.
    let whole = content.packedBytes
    #expect(abs(Int(result?.bytesCut ?? 0) + bytes - whole) < 200)
    #expect(!parts.contains(.text("and this")))
  }

  @Test func everyKindCanBeDivided() {
    let contents: [CommandOutput.Content] = [
      .text(String(repeating: "größe🚢", count: 1000)),
      .processes(ProcessList(processes: (0..<500).map { ProcessInfo(pid: $0, name: "process") })),
      .disks(DiskUsageList(mounts: (0..<500).map { MountUsage(mountPoint: "/mnt/\($0)") })),
      .recorder(
        RecorderPart(
          frames: (0..<50).map { Array(repeating: $0, count: 100) },
          minutes: (0..<50).map { ProcessList(timeMicroseconds: $0, total: 1_000_000) })),
      .selfCheck(SelfCheckReport(lines: (0..<500).map { SelfCheckLine(subject: "\($0)", state: "ok") })),
      .diagnostics(DiagnosticsPart(name: "n", content: (0..<9000).map { UInt8(truncatingIfNeeded: $0) })),
    ]
    for content in contents {
      let parts = content.parts(of: 1000)
      #expect(parts.count > 1)
      #expect(parts.allSatisfy { $0.packedBytes <= 1000 })
      #expect(joined(parts) == content)
      #expect(content.prefix(bytes: 500).map { $0.packedBytes <= 500 && $0.packedBytes > 300 } == true)
      #expect(content.prefix(bytes: 0) == nil)
    }
    let plan = CommandOutput.Content.plan(PlanReport(changes: ["interval: 5s -> 1s"]))
    #expect(plan.parts(of: 1) == [plan])
    #expect(plan.prefix(bytes: 1) == nil)
  }

  private func joined(_ parts: [CommandOutput.Content]) -> CommandOutput.Content? {
    parts.dropFirst().reduce(parts[0]) { whole, part in
      switch (whole, part) {
      case (.text(let a), .text(let b)): .text(a + b)
      case (.processes(let a), .processes(let b)):
        .processes(ProcessList(processes: a.processes + b.processes))
      case (.disks(let a), .disks(let b)): .disks(DiskUsageList(mounts: a.mounts + b.mounts))
      case (.recorder(let a), .recorder(let b)):
        .recorder(RecorderPart(frames: a.frames + b.frames, minutes: a.minutes + b.minutes))
      case (.selfCheck(let a), .selfCheck(let b)): .selfCheck(SelfCheckReport(lines: a.lines + b.lines))
      case (.diagnostics(let a), .diagnostics(let b)):
        .diagnostics(DiagnosticsPart(name: a.name, content: a.content + b.content))
      default: whole
      }
    }
  }

  @Test(arguments: [("größe", 3, "gr"), ("größe", 4, "grö"), ("abc", 3, "abc"), ("🚢", 3, ""), ("", 0, "")])
  func textIsCutBetweenCharacters(_ text: String, _ bytes: Int, _ cut: String) {
    #expect(text.prefix(utf8Bytes: bytes) == cut)
  }
}
