import Foundation
import Testing

/// Debian's node_exporter beside the collector. (77 as an exit code: node_exporter is not installed; `make test` installs
/// it.)
@Suite struct NodeExporterTests {
  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
    path: "NodeExporter")

  /// `--once` on this very host: the same series, the same values.
  @Test func theSeriesAreThoseOfNodeExporter() async throws {
    try await agrees("compare", [RunningProgram.directory.appending(path: "muster-collector").path])
  }

  /// Hardware, kernels and roles of machines that this one is not: their trees, in the fixtures of ProcFS.
  @Test func otherMachinesAreShownAsNodeExporterShowsThem() async throws {
    try await agrees("compare-trees", [])
  }

  /// Streamed for a while under load; `make differential` does so for minutes.
  @Test func theyStayTheSameUnderLoad() async throws {
    let page = Self.scripts.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/METRICS.md").path
    try await agrees("follow", [RunningProgram.directory.path, page, "10"])
  }

  private func agrees(_ script: String, _ arguments: [String]) async throws {
    try await onThread {
      let result = try RunningProgram.run(
        Self.scripts.appending(path: script).path, arguments, patience: 180)
      #expect(result.code == 0, "\(result.text)")
    }
  }
}
