import Foundation
import Testing

/// Mounts that hang, disks and interfaces that come and go, for real, under a collector that goes on.
@Suite struct OddHostTests {
  @Test func whatHappensOnAHostIsSeenAndHarmsNothing() async throws {
    try await onThread {
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "OddHost/try")
      let result = try RunningProgram.run(script.path, [RunningProgram.directory.path], patience: 480)
      #expect(result.code == 0, "\(result.text)")
    }
  }
}
