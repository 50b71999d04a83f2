import Foundation
import Testing

/// Debian's node_exporter beside the collector on this very host. (77 as an exit code: node_exporter is not installed;
/// `make test` installs it.)
@Suite struct NodeExporterTests {
  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
    path: "NodeExporter")

  /// `--once`: the same series, the same values.
  @Test func theSeriesAreThoseOfNodeExporter() async throws {
    try await onThread {
      let collector = RunningProgram.directory.appending(path: "muster-collector").path
      let result = try RunningProgram.run(Self.scripts.appending(path: "compare").path, [collector])
      #expect(result.code == 0, "\(result.text)")
    }
  }

  /// Streamed for a while under load; `make differential` does so for minutes.
  @Test func theyStayTheSameUnderLoad() async throws {
    try await onThread {
      let page = Self.scripts.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/METRICS.md").path
      let result = try RunningProgram.run(
        Self.scripts.appending(path: "follow").path, [RunningProgram.directory.path, page, "10"],
        patience: 180)
      #expect(result.code == 0, "\(result.text)")
    }
  }
}
