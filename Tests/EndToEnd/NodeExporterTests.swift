import Foundation
import Testing

/// Debian's node_exporter beside `muster-collector --once` on this very host: the same series, the same
/// values.
@Suite struct NodeExporterTests {
  @Test func theSeriesAreThoseOfNodeExporter() async throws {
    let collector = RunningProgram.directory.appending(path: "muster-collector").path
    try await agrees("compare-node-exporter", [collector])
  }

  /// The hardware of machines that this one is not: their trees, in the fixtures of ProcFS.
  @Test func theHardwareIsShownAsNodeExporterShowsIt() async throws {
    try await agrees("compare-hardware-trees", [])
  }

  private func agrees(_ script: String, _ arguments: [String]) async throws {
    try await onThread {
      let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: script).path
      let result = try RunningProgram.run(path, arguments)
      // 77: node_exporter is not installed; `make test` installs it.
      #expect(result.code == 0, "\(result.text)")
    }
  }
}
