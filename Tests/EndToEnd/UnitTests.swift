import Foundation
import Testing

/// The collector under the restrictions of its systemd unit, with a real systemd that applies them.
@Suite(.serialized) struct UnitTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let shipped = folder.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "collector-config")
  private static let unit = shipped.appending(path: "muster-collector.service").path
  private static let everything = shipped.appending(path: "see-everything.conf").path

  /// The arguments of `try-unit`, which boots a systemd that runs just this unit.
  private static func arguments(_ options: [String], _ flags: [String]) -> [String] {
    [RunningProgram.directory.appending(path: "muster-collector").path, unit] + options + ["--"] + flags
  }

  private static let script = folder.appending(path: "try-unit").path

  @Test func theUnitIsTight() async throws {
    try await onThread {
      // The threshold is in tenths.
      let result = try RunningProgram.run(
        "/usr/bin/systemd-analyze", ["security", "--offline=true", "--no-pager", "--threshold=10", Self.unit])
      #expect(result.code == 0, "\(result.text)")
    }
  }

  @Test func whatItHidesIsNamed() async throws {
    try await onThread {
      let result = try RunningProgram.run(Self.script, Self.arguments([], ["--self-check"]))
      let lines = result.text.split(separator: "\n")
      #expect(result.text.hasSuffix("exit: 1\n"), "\(result.text)")
      #expect(lines.contains { $0.hasPrefix("stat ") && $0.contains(" ok ") }, "\(result.text)")
      #expect(lines.contains { $0.hasPrefix("mount view") && $0.contains("ProtectProc=") }, "\(result.text)")
      for line in lines where line.contains(" denied ") {
        #expect(line.contains("unit"), "what is missing is not said: \(line)")
      }
      #expect(!lines.contains { $0.contains(" failing ") }, "\(result.text)")
    }
  }

  @Test func withTheDropInNothingIsHidden() async throws {
    try await onThread {
      let result = try RunningProgram.run(
        Self.script, Self.arguments(["--drop-in", Self.everything], ["--self-check"]))
      #expect(result.text.hasSuffix("exit: 0\n"), "\(result.text)")
    }
  }

  @Test func itStreamsFromThere() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let collector = try RunningProgram(
        Self.script,
        Self.arguments(
          [],
          [
            "--aggregator", fleet.address, "--interval", "100ms", "--instance", "unit", "--state-directory",
            "/var/lib/muster-collector",
          ]))
      try fleet.host("unit") { $0.frames > 5 }
      let shutdown = try fleet.muster("run", "shutdown", "--on", "instance=unit", "--yes")
      #expect(shutdown.code == 0, "\(shutdown.text)")
      #expect(try collector.exitCode() == 0, "\(collector.text)")
      #expect(collector.text.contains("exit: 0"), "\(collector.text)")
    }
  }
}
