import Foundation
import Testing

/// Programs that know Muster by its .proto files alone: Python with grpcio.
@Suite struct ForeignProgramTests {
  @Test(arguments: [
    "simple_producer.py", "steered_collector.py", "health_client.py", "reflection_client.py",
  ])
  func whatTheProtocolPromisesHolds(_ program: String) async throws {
    try await onThread {
      let fleet = try TestFleet()
      let result = try RunningProgram.run(
        ForeignPrograms.python, [ForeignPrograms.path(program), fleet.address, ForeignPrograms.protos])
      #expect(result.code == 0, "\(result.text)\n\(fleet.aggregator?.text ?? "")")
    }
  }
}

/// Where the foreign programs are, and what runs them.
enum ForeignPrograms {
  static var python: String {
    ProcessInfo.processInfo.environment["MUSTER_TEST_PYTHON"] ?? "/usr/bin/python3"
  }

  static func path(_ program: String) -> String { tests.appending(path: "Foreign/\(program)").path }

  static var protos: String { tests.deletingLastPathComponent().appending(path: "Protos").path }

  private static var tests: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  }
}
