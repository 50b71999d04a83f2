import Foundation
import Testing

/// An operator steers real collectors: commands, configuration, and what happens to both when processes
/// end at bad moments.
@Suite(.serialized) struct SteerTests {
  @Test func commandsReachTheSelectedHosts() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1", configuration: "labels: {role: web}\n")
      try fleet.startCollector("web2", configuration: "labels: {role: web}\nremote: {forbid: [disk-usage]}\n")
      try fleet.startCollector("db1", configuration: "labels: {role: db}\n")
      for name in ["web1", "web2", "db1"] { try fleet.host(name) { $0.state == "online" && $0.frames > 2 } }

      let ping = try fleet.muster("run", "ping", "--on", "role=web")
      #expect(ping.code == 0)
      #expect(ping.text.contains("web1") && ping.text.contains("web2") && !ping.text.contains("db1"))

      // As many as there may be: on a busy machine others come first.
      let processes = try fleet.muster(
        "run", "top-processes", "--on", "role=web", "--window", "200ms", "--count", "100")
      #expect(processes.code == 0, "\(processes.text)")
      #expect(processes.text.contains("muster-collector"))

      // The host's own admin has the last word.
      let usage = try fleet.muster("run", "disk-usage", "--on", "role=web")
      #expect(usage.code == 1)
      #expect(usage.text.contains("refused") && usage.text.contains("remote.forbid"), "\(usage.text)")

      let audit = try fleet.muster("audit")
      #expect(audit.text.contains("run.ping") && audit.text.contains("run.disk-usage"), "\(audit.text)")
    }
  }

  @Test func resolutionIsRaisedForATime() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1", interval: "30s")
      // It may take 30 s to its first frame, but it is there as soon as it is connected.
      try fleet.host("web1")
      let raised = try fleet.muster("run", "set-resolution", "100ms", "--for", "2s", "--on", "instance=web1")
      #expect(raised.code == 0, "\(raised.text)")
      try fleet.host("web1") { $0.frames > 5 && $0.interval == 100 }
      // It lapses by itself.
      try fleet.host("web1") { $0.interval == 30_000 }
    }
  }

  @Test func aConfigRollsOutInWavesAndAHarmfulOneGoesBack() async throws {
    try await onThread {
      let fleet = try TestFleet()
      for name in ["web1", "web2", "web3"] {
        try fleet.startCollector(
          name, interval: "200ms",
          configuration: "labels: {role: web}\nremote: {minimum_interval: 200ms}\n")
      }
      for name in ["web1", "web2", "web3"] { try fleet.host(name) { $0.frames > 2 } }

      let good = try fleet.push(
        "interval: 300ms\nlabels: {team: a}\n", "--to", "role=web", "--waves", "1,100%", "--soak", "500ms")
      #expect(good.code == 0, "\(good.text)")
      for name in ["web1", "web2", "web3"] {
        let host = try fleet.host(name) { $0.interval == 300 && $0.configState == "verified" }
        #expect(host.missing == 0 && host.dropped == 0 && host.epoch > 0)
      }
      #expect(try fleet.muster("hosts", "--on", "team=a").text.contains("web3"))

      // Below what the hosts' own admin allows: refused by the first host, and nobody else is asked.
      let harmful = try fleet.push("interval: 100ms\n", "--to", "role=web", "--waves", "1,100%", "--no-soak")
      #expect(harmful.code == 1, "\(harmful.text)")
      #expect(harmful.text.contains("minimum_interval"), "\(harmful.text)")
      for name in ["web1", "web2", "web3"] { try fleet.host(name) { $0.interval == 300 } }
      let again = try fleet.push("interval: 100ms\n", "--to", "role=web")
      #expect(again.code != 0 && again.text.contains("quarantine"), "\(again.text)")

      let back = try fleet.muster("config", "rollback", "--to", "role=web")
      #expect(back.code == 0, "\(back.text)")
      for name in ["web1", "web2", "web3"] { try fleet.host(name) { $0.interval == 200 } }
    }
  }

  @Test func anAggregatorKilledInTheMiddleOfAWaveGoesOnWithIt() async throws {
    try await onThread {
      let fleet = try TestFleet()
      let names = ["web1", "web2", "web3", "web4"]
      for name in names { try fleet.startCollector(name, interval: "200ms") }
      for name in names { try fleet.host(name) { $0.frames > 2 } }
      let push = try fleet.push(
        "interval: 300ms\n", "--to", "", "--waves", "2,100%", "--soak", "2s", "--detach")
      #expect(push.code == 0, "\(push.text)")
      try fleet.configAudit { $0.contains("wave 1 of 2") }
      fleet.aggregator?.signal(SIGKILL)
      _ = try fleet.aggregator?.exitCode()
      try fleet.startAggregator()
      for name in names { try fleet.host(name) { $0.interval == 300 && $0.configState == "verified" } }
      // The same rollout went on with the same wave: neither began a second time.
      let audit = try fleet.configAudit { $0.contains("config.completed") }
      #expect(audit.components(separatedBy: "wave 1 of 2").count == 2, "\(audit)")
      #expect(audit.components(separatedBy: "wave 2 of 2").count == 2, "\(audit)")
      #expect(try fleet.aggregator?.wait(for: "rollouts_under_way=1") != nil)
    }
  }

  @Test func aCollectorKilledWhileApplyingComesBackOnTheLastGoodConfig() async throws {
    try await onThread {
      // An aggregator that confirms the first config and never the second, so that the kill is sure to hit the trial.
      let aggregator = try RunningProgram(
        ForeignPrograms.python,
        [ForeignPrograms.path("unconfirming_aggregator.py"), ForeignPrograms.protos])
      let listening = try aggregator.wait(for: "listening\n")
      let port = listening.prefix { $0 != " " }
      let state = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: state) }
      let collector = {
        try RunningProgram(
          "muster-collector",
          [
            "--aggregator", "127.0.0.1:\(port)", "--interval", "100ms", "--instance", "web1",
            "--state-directory", state.path,
          ])
      }
      let first = try collector()
      try aggregator.wait(for: "second on trial\n")
      first.signal(SIGKILL)
      _ = try first.exitCode()
      let second = try collector()
      try second.wait(for: "is taken back: the collector ended before it was confirmed")
      #expect(try aggregator.exitCode() == 0, "\(aggregator.text)\n\(second.text)")
      second.signal(SIGTERM)
    }
  }

  @Test func aCloneIsGivenAnIdentityOfItsOwn() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1")
      let first = try fleet.host("web1") { $0.frames > 2 }
      try FileManager.default.copyItem(
        at: fleet.folder.appending(path: "web1"), to: fleet.folder.appending(path: "web2"))
      let clone = try fleet.startCollector("web2")
      try clone.wait(for: "new identity")
      let second = try fleet.host("web2") { $0.frames > 2 }
      #expect(second.id != first.id)
      let still = try fleet.host("web1") { $0.frames > first.frames + 2 }
      #expect(still.id == first.id && still.missing == 0 && still.state == "online")
    }
  }

  @Test func hostsAreExpectedAndRetired() async throws {
    try await onThread {
      let fleet = try TestFleet()
      #expect(try fleet.muster("hosts", "expect", "web1", "web9").code == 0)
      try fleet.host("web9") { $0.state == "expected" }
      let collector = try fleet.startCollector("web1")
      try fleet.host("web1") { $0.state == "online" }
      collector.signal(SIGTERM)
      try fleet.host("web1") { $0.state == "stopped" }
      #expect(try fleet.muster("hosts", "retire", "instance=web1").code == 0)
      try fleet.host("web1") { $0.state == "retired" }
      // All of it outlives the aggregator.
      fleet.aggregator?.signal(SIGKILL)
      _ = try fleet.aggregator?.exitCode()
      try fleet.startAggregator()
      try fleet.host("web9") { $0.state == "expected" }
      try fleet.host("web1") { $0.state == "retired" }
    }
  }

  @Test func badInputIsAnsweredAndChangesNothing() async throws {
    try await onThread {
      let fleet = try TestFleet()
      try fleet.startCollector("web1")
      try fleet.host("web1") { $0.frames > 2 }
      let unknownKey = try fleet.push("interval: 1s\nintervall: 2s\n", "--to", "")
      #expect(unknownKey.code != 0 && unknownKey.text.contains(":2:1: intervall:"), "\(unknownKey.text)")
      let nobody = try fleet.push("interval: 1s\n", "--to", "role=none")
      #expect(nobody.code != 0, "\(nobody.text)")
      #expect(try fleet.muster("run", "ping", "--on", "=x").code != 0)
      #expect(try fleet.muster("run", "ping", "--on", "instance=nobody").code == 1)
      let listed = try fleet.muster("config", "list")
      #expect(!listed.text.contains("interval"), "\(listed.text)")
    }
  }
}
