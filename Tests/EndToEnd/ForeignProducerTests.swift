import Foundation
import Testing

/// A program that knows Muster by its .proto files alone: Python with grpcio.
@Suite struct ForeignProducerTests {
  @Test func whatTheProtocolPromisesHolds() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      let python = ProcessInfo.processInfo.environment["MUSTER_TEST_PYTHON"] ?? "/usr/bin/python3"
      let result = try RunningProgram.run(
        python,
        [
          tests.appending(path: "Foreign/simple_producer.py").path, fleet.address,
          tests.deletingLastPathComponent().appending(path: "Protos").path,
        ])
      #expect(result.code == 0, "\(result.text)")
    }
  }
}
