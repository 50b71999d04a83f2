import Foundation
import Testing

/// What scripts and people meet when something is wrong: exit codes, and sentences that say what to do.
@Suite(.serialized) struct CommandLineTests {
  @Test func exitCodesTellScriptsWhatHappened() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1")
      try fleet.host("web1") { $0.frames > 0 }
      let cases: [([String], Int32, String)] = [
        (["hosts"], 0, "web1"),
        (["hosts", "--on", "env=nowhere"], 1, "no host matches"),
        (["latest", "nobody"], 1, "no host matches"),
        (["latest", "web1", "no_such_*"], 1, "no metric"),
        (["hosts", "--on", "=x"], 64, "selector"),
        (["hosts", "--outptu", "json"], 64, "--outptu"),
        (["latest"], 64, "host"),
        (["top"], 64, "terminal"),
        (["version"], 0, "aggregator"),
        (["completion", "bash"], 0, "complete"),
        (["--help"], 0, "muster top"),
      ]
      for (arguments, code, text) in cases {
        let result = try RunningProgram.run(
          "muster", arguments, environment: ["MUSTER_AGGREGATOR": fleet.address])
        #expect(result.code == code, "muster \(arguments): \(result.text)")
        #expect(result.text.contains(text), "muster \(arguments): \(result.text)")
      }
    }
  }

  @Test func anAggregatorThatIsNotThereIsSaid() async throws {
    try await onThread {
      let result = try RunningProgram.run("muster", ["hosts", "--aggregator", "127.0.0.1:1"])
      #expect(result.code == 69)
      #expect(result.text.contains("cannot reach the aggregator at 127.0.0.1:1"))
      #expect(result.text.contains("MUSTER_AGGREGATOR"))
    }
  }

  @Test func anAggregatorThatGoesAwayUnderATailIsSaid() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1")
      let tail = try RunningProgram("muster", ["tail", "node_load1", "--aggregator", fleet.address])
      try tail.wait(for: "node_load1  ")
      fleet.aggregator?.signal(SIGKILL)
      #expect(try tail.exitCode() == 69)
      #expect(tail.text.contains("lost the aggregator at \(fleet.address)"))
    }
  }

  @Test(arguments: [
    ("muster-collector", ["--intervall", "1s"], "--interval"),
    ("muster-collector", ["--interval", "1ms"], "100ms"),
    ("muster-collector", ["--config", "/no/such/file.yaml"], "/no/such/file.yaml"),
    ("muster-aggregator", ["--config", "/no/such/file.yaml"], "/no/such/file.yaml"),
    ("muster-aggregator", ["--listen", "0.0.0.0:0"], "insecure"),
    ("muster-aggregator", ["--listen", "nonsense:port"], "port"),
  ])
  func aProgramThatCannotStartSaysWhy(program: String, arguments: [String], text: String) async throws {
    try await onThread {
      let result = try RunningProgram.run(program, arguments)
      #expect(result.code != 0)
      #expect(result.text.contains(text), "\(program) \(arguments): \(result.text)")
    }
  }

  @Test(arguments: ["collector", "aggregator"]) func theConfigurationsThatAreShippedAreGood(half: String)
    async throws
  {
    try await onThread {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../collector-config/\(half).yaml").standardized.path
      let result = try RunningProgram.run("muster-\(half)", ["--config", file, "--check-config"])
      #expect(result.code == 0, "\(result.text)")
    }
  }

  @Test func aMistakeInAFileIsShownWhereItIs() async throws {
    try await onThread {
      let file = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString).yaml")
      defer { try? FileManager.default.removeItem(at: file) }
      try "aggregator: 127.0.0.1:7600\nintervall: 1s\n".write(to: file, atomically: true, encoding: .utf8)
      let result = try RunningProgram.run("muster-collector", ["--config", file.path, "--check-config"])
      #expect(result.code == 78)
      #expect(result.text.contains("\(file.path):2:1: intervall"))
    }
  }

  /// Text files are read in the background, and there is no second sample to wait for them.
  @Test func onceHasWhatIsReadInTheBackground() async throws {
    try await onThread {
      let folder = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let settings = folder.appending(path: "collector.yaml")
      try "textfile_directory: \(folder.path)\n".write(to: settings, atomically: true, encoding: .utf8)
      try "own_number{a=\"b\"} 217\n".write(
        to: folder.appending(path: "a.prom"), atomically: true, encoding: .utf8)
      let result = try RunningProgram.run("muster-collector", ["--once", "--config", settings.path])
      #expect(result.code == 0)
      #expect(result.text.contains("\nown_number{a=\"b\"} 217\n"), "\(result.text)")
    }
  }
}
