import Foundation
import Testing

/// The whole way with real processes: /proc to an operator's terminal, and what happens to it when
/// processes end at bad moments.
@Suite(.serialized) struct StreamTests {
  @Test func aHostIsSeenMoving() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1", configuration: "labels: {env: test}\n")
      let first = try fleet.host("web1") { $0.state == "online" && $0.frames > 2 && $0.cpu != nil }
      let later = try fleet.host("web1") { $0.frames > first.frames }
      #expect(later.id == first.id && later.missing == 0)

      #expect(try fleet.value("node_load1", of: "web1") != nil)
      #expect(try fleet.value("node_memory_MemTotal_bytes", of: "web1") ?? 0 > 1e6)
      #expect(try fleet.muster("hosts", "--on", "env=test").text.contains("web1"))

      let tail = try RunningProgram(
        "muster",
        ["tail", "node_context_switches_total", "--on", "instance=web1", "--aggregator", fleet.address])
      try tail.wait(for: "node_context_switches_total  ")
      tail.signal(SIGINT)
      _ = try tail.exitCode()
    }
  }

  @Test func whoUsesMostIsListed() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let early = try fleet.muster("processes")
      #expect(early.code != 0 && early.text.contains("listed its processes"))
      let busy = try RunningProgram("/bin/sh", ["-c", "while :; do :; done", "busy", "--token=hush"])
      defer { busy.signal(SIGKILL) }
      try fleet.startCollector(
        "web1",
        configuration: "sources: {processes: 1s}\nprocess_groups: command\ntop_processes: 20\n")
      let line = try fleet.line(of: "processes", "--output", "json") {
        $0.contains(#""pid":\#(busy.processID)"#)
      }
      #expect(line.contains("busy --token=***") && !line.contains("hush"))
      #expect(try fleet.muster("processes").text.contains("busy --token=***"))
      let groups = try fleet.muster("processes", "--groups", "--by", "memory")
      #expect(groups.code == 0 && groups.text.contains("PROCESSES"))
      #expect(try fleet.muster("processes", "--by", "pid").code == 64)
    }
  }

  @Test func anAggregatorThatIsAwayCostsNoFrame() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let collector = try fleet.startCollector("web1")
      try fleet.host("web1") { $0.frames > 5 }
      fleet.aggregator?.signal(SIGKILL)
      _ = try fleet.aggregator?.exitCode()
      try collector.wait(for: "retry")
      try fleet.startAggregator()
      // A new aggregator knows nothing; what the ring still held arrives without a hole, then live frames.
      // What a collector says of itself is a second old, ten frames, at most.
      let back = try fleet.host("web1") { $0.state == "online" && $0.frames > 25 }
      #expect(back.missing == 0)
      #expect(back.dropped == 0)
      let collected = try #require(try fleet.value("muster_collector_frames_collected_total", of: "web1"))
      #expect(collected > 10)
      #expect(try fleet.value("muster_collector_frames_dropped_total", of: "web1") == 0)
    }
  }

  @Test func aCollectorKilledComesBackAsTheSameHost() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let collector = try fleet.startCollector("web1")
      let before = try fleet.host("web1") { $0.frames > 3 }
      collector.signal(SIGKILL)
      try fleet.host("web1") { $0.state != "online" }
      try fleet.startCollector("web1")
      let after = try fleet.host("web1") { $0.state == "online" && $0.frames > before.frames + 3 }
      #expect(after.id == before.id)
      #expect(after.epoch > before.epoch)
      #expect(after.missing == 0)
    }
  }

  @Test func aHangUpReadsTheSettingsAgain() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let collector = try fleet.startCollector("web1")
      try fleet.host("web1") { $0.frames > 1 }
      let file = fleet.settingsFile(of: "web1")
      try "no such key: 1\n".write(to: file, atomically: true, encoding: .utf8)
      collector.signal(SIGHUP)
      #expect(try collector.wait(for: "nothing is changed").contains("no such key"))
      try "remote: {forbid: [ping]}\n".write(to: file, atomically: true, encoding: .utf8)
      collector.signal(SIGHUP)
      try collector.wait(for: "applied: remote.forbid")
      let ping = try fleet.muster("run", "ping", "--all")
      #expect(ping.code == 1 && ping.text.contains("refused"))
    }
  }

  @Test func aPlannedStopIsNoOutage() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let collector = try fleet.startCollector("web1")
      try fleet.host("web1") { $0.frames > 3 }
      collector.signal(SIGTERM)
      #expect(try collector.exitCode() == 0)
      try fleet.host("web1") { $0.state == "stopped" }
    }
  }

  @Test func anAggregatorAskedToStopDrains() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let collector = try fleet.startCollector("web1")
      try fleet.host("web1") { $0.frames > 3 }
      fleet.aggregator?.signal(SIGTERM)
      #expect(try fleet.aggregator?.exitCode() == 0)
      try collector.wait(for: "retry")
      collector.signal(SIGTERM)
      // Nobody hears the goodbye; the collector ends all the same, and soon.
      #expect(try collector.exitCode() == 0)
    }
  }

  @Test func twoCollectorsDoNotShareAState() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1")
      try fleet.host("web1") { $0.frames > 0 }
      let second = try RunningProgram.run(
        "muster-collector",
        ["--aggregator", fleet.address, "--state-directory", fleet.folder.appending(path: "web1").path])
      #expect(second.code != 0)
      #expect(second.text.contains("another"))
    }
  }

  @Test func theLiveViewShowsTheHostAndGivesTheTerminalBack() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1")
      try fleet.host("web1") { $0.state == "online" && $0.cpu != nil }
      let keys = Pipe()
      let command =
        "stty cols 120 rows 40; \(RunningProgram.directory.path)/muster top --aggregator \(fleet.address)"
      let top = try RunningProgram(
        "/usr/bin/script", ["--quiet", "--return", "--command", command, "/dev/null"],
        environment: ["TERM": "xterm-256color"], input: keys)
      try top.wait(for: "web1")
      keys.fileHandleForWriting.write(Data("\r".utf8))
      try top.wait(for: "FILE SYSTEM")
      keys.fileHandleForWriting.write(Data("q".utf8))
      #expect(try top.exitCode() == 0)
      #expect(top.text.contains("\u{1B}[?1049l"))
    }
  }
}
