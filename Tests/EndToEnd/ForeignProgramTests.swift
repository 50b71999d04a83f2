import Foundation
import Testing

/// Programs that know Muster by its .proto files alone: Python with grpcio.
@Suite struct ForeignProgramTests {
  @Test(arguments: ["simple_producer", "steered_collector"])
  func whatTheProtocolPromisesHolds(_ program: String) async throws {
    try await onThread {
      let fleet = try TestFleet()
      let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      let python = ProcessInfo.processInfo.environment["MUSTER_TEST_PYTHON"] ?? "/usr/bin/python3"
      let result = try RunningProgram.run(
        python,
        [
          tests.appending(path: "Foreign/\(program).py").path, fleet.address,
          tests.deletingLastPathComponent().appending(path: "Protos").path,
        ])
      #expect(result.code == 0, "\(result.text)\n\(fleet.aggregator?.text ?? "")")
    }
  }
}
