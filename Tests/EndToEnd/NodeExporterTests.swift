import Foundation
import Testing

/// Debian's node_exporter beside `muster-collector --once` on this very host: the same series, the same
/// values.
@Suite struct NodeExporterTests {
  @Test func theSeriesAreThoseOfNodeExporter() async throws {
    try await onThread {
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "compare-node-exporter")
      let collector = RunningProgram.directory.appending(path: "muster-collector").path
      let result = try RunningProgram.run(script.path, [collector])
      // 77: node_exporter is not installed; `make test` installs it.
      #expect(result.code == 0, "\(result.text)")
    }
  }
}
