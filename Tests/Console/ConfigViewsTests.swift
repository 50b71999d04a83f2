import Testing
import Wire

@testable import Console

@Suite struct PlanTallyTests {
  @Test func theFleetsDifference() {
    var tally = PlanTally()
    tally.add(PlanUpdate(asked: 5))
    #expect(tally.progressLine == "0/5")
    for name in ["web1", "web2"] {
      tally.add(update(name, report(series: (370, 200), bytes: (200, 100), cpu: (0.001, 0.002))))
    }
    #expect(!tally.isAllWell)
    tally.add(
      update(
        "web3",
        report(
          series: (260, 0), bytes: (.nan, 5), cpu: (0, 0),
          refused: [ConfigProblem(key: "interval", message: "this host allows 1s at least")])))
    tally.add(
      update(
        "web4",
        report(
          series: (0, 0), bytes: (0, 0), cpu: (0, 0),
          unreadable: [ConfigProblem(key: "sources.mdadm", message: "no such file")])))
    tally.add(PlanUpdate(hostID: "0e", instance: "web5", problem: "not connected", asked: 5))
    #expect(tally.progressLine == "5/5, 1 would refuse, 1 without a report")
    #expect(
      tally.lines == [
        "4 of 5 hosts answered; nothing was applied", "series   1000 -> 400 (-60.0%)",
        "bytes/s  400B -> 200B (-50.0%)",
        "CPU      0.20% -> 0.40% (+100.0%), of one processor, all hosts together",
        "1 host would refuse it", "1 host cannot read something that it asks for",
        "  web3: would refuse interval: this host allows 1s at least",
        "  web4: cannot read sources.mdadm: no such file", "  web5: no report: not connected",
      ])
    #expect(!tally.isAllWell)
  }

  @Test func allWell() {
    var tally = PlanTally()
    #expect(!tally.isAllWell)
    tally.add(update("a", report(series: (1, 1), bytes: (1, 1), cpu: (1, 1)), asked: 1))
    #expect(tally.isAllWell)
  }

  @Test func problemsAreGatheredAndBounded() {
    var tally = PlanTally()
    for host in 0..<1_000 {
      let same = ConfigProblem(key: "k", message: "same")
      let other = ConfigProblem(key: "k", message: "\(host)")
      tally.add(
        update("h\(host)", report(series: (1, 1), bytes: (1, 1), cpu: (1, 1), refused: [same, other])))
    }
    let problems = tally.lines.filter { $0.hasPrefix("  ") }
    #expect(problems.first == "  h0, h1, h2 and 997 more: would refuse k: same")
    #expect(problems.count == PlanTally.kindsMaximum + 1)
    #expect(problems.last == "  and 951 more")
  }

  @Test func aHostsLine() {
    let update = update(
      "web1",
      report(
        series: (370, 212), bytes: (190, 88), cpu: (0.0007, .nan),
        refused: [ConfigProblem(key: "interval", message: "too short")], changes: ["interval: 5s -> 1s"]))
    #expect(
      ConfigPlanCommand.lines(update, style: Style(isEnabled: false)) == [
        "web1                  series 370 -> 212, 190B -> 88B a second, CPU 0.07% -> -",
        "  would refuse interval: too short", "  interval: 5s -> 1s",
      ])
  }

  private func update(_ name: String, _ report: PlanReport, asked: UInt32 = 5) -> PlanUpdate {
    PlanUpdate(hostID: "id-\(name)", instance: name, report: report, asked: asked)
  }

  private func report(
    series: (UInt32, UInt32), bytes: (Double, Double), cpu: (Double, Double),
    unreadable: [ConfigProblem] = [], refused: [ConfigProblem] = [], changes: [String] = []
  ) -> PlanReport {
    PlanReport(
      seriesNow: series.0, seriesThen: series.1, bytesPerSecondNow: bytes.0, bytesPerSecondThen: bytes.1,
      cpuRatioNow: cpu.0, cpuRatioThen: cpu.1, unreadable: unreadable, refused: refused, changes: changes)
  }
}

@Suite struct ConfigTablesTests {
  @Test func documentsByVersion() {
    let text = ConfigTables.documents([
      ConfigDocument(
        version: 12, selector: "role=web", sha256: [UInt8](repeating: 0xAB, count: 32), author: "ann@desk",
        message: "faster", current: true),
      ConfigDocument(version: 11, selector: "", quarantined: "2 hosts failed"),
    ]).text(style: Style(isEnabled: false)).split(separator: "\n")
    #expect(
      text[0] == "VERSION  LAYER     STATE                        AUTHOR    CREATED  SHA-256       MESSAGE")
    #expect(
      text[1] == "     12  role=web  current                      ann@desk  -        abababababab  faster")
    #expect(text[2] == "     11  (fleet)   quarantined: 2 hosts failed            -        -")
  }

  @Test func aDocumentCanBePushedAsItIsShown() {
    let lines = ConfigTables.document(
      ConfigDocument(
        version: 3, selector: "", sha256: [1], yaml: "interval: 5s\nlabels:\n\tteam: \u{1B}web\n",
        author: "ann", message: "two\nlines", current: true))
    #expect(
      lines == [
        "# version 3 for the fleet", "# by ann, -", "# two\u{FFFD}lines", "# current",
        "# sha256 of what hosts are sent: 01", "interval: 5s", "labels:", "    team: \u{FFFD}web",
      ])
  }

  @Test func whereAValueComesFrom() {
    let hash = [UInt8](repeating: 1, count: 32)
    var answer = ExplainConfigResponse(
      hostID: "0a", instance: "web1", sha256: hash, version: 12, runningSHA256: hash,
      layers: [
        ConfigLayer(selector: "", version: 3), ConfigLayer(selector: "role=web", version: 12, rollout: 7),
      ],
      values: [
        ExplainedValue(
          key: "interval", value: "1s", version: 12, selector: "role=web", hides: ["5s (version 3)"])
      ])
    let lines = ConfigTables.explanation(answer, style: Style(isEnabled: false))
    #expect(
      lines == [
        "web1  0a", "is meant to run version 12 (010101010101), and does", "layers, weakest first:",
        "  version 3  the fleet", "  version 12  role=web  (rollout 7 is bringing it)", "",
        "KEY       VALUE  VERSION  LAYER     HIDES", "interval  1s          12  role=web  5s (version 3)",
      ])
    answer.runningSHA256 = []
    answer.status = ConfigStatus(
      sha256: hash, state: .refused, reason: "not here",
      problems: [ConfigProblem(key: "interval", message: "this host allows 5s at least")])
    #expect(
      ConfigTables.explanation(answer, style: Style(isEnabled: false))[1...3] == [
        "is meant to run version 12 (010101010101) (refused), runs its local file alone",
        "it says: not here", "it says: interval: this host allows 5s at least",
      ])
    #expect(
      ConfigTables.explanation(
        ExplainConfigResponse(hostID: "0a", instance: "h"), style: Style(isEnabled: false)
      ).last
        == "no layer selects it: its local file holds")
  }
}

@Suite struct ConfigStandingTests {
  @Test func whoHasDrifted() {
    let standing = ConfigStanding(
      rollouts: [rollout(.rolling)],
      hosts: [
        configured("a", .verified), configured("b", .applied), configured("c", .refused), host("d"),
        {
          var gone = configured("e", .failed); gone.state = .retired; return gone
        }(),
      ])
    #expect(standing.drifted.map(\.instance) == ["c", "b"])
    #expect(standing.counts == "1 applied, 1 verified, 1 refused" && standing.unconfigured == 1)
    let lines = standing.lines(style: Style(isEnabled: false), now: 0)
    #expect(lines[0].hasPrefix("rollout 7: version 12 to role=web"))
    #expect(lines[1] == "  ROLLING wave 2 of 4")
    #expect(lines.contains("hosts: 1 applied, 1 verified, 1 refused; 1 on the local file alone"))
    #expect(lines.contains { $0.hasPrefix("c ") && $0.contains("version 12  refused") })
    #expect(lines.last == "why, of one of them: muster config show --host HOST")
  }

  @Test func nothingIsUnderWay() {
    let lines = ConfigStanding(rollouts: [], hosts: [host("a")]).lines(
      style: Style(isEnabled: false), now: 0)
    #expect(
      lines == ["no rollout is under way", "", "no host has a config: muster config push FILE --to SELECTOR"])
  }

  @Test func namesAreBounded() {
    let hosts = (0..<80).map { configured("h\($0 + 100)", .failed) }
    let lines = ConfigStanding(rollouts: [], hosts: hosts).lines(style: Style(isEnabled: false), now: 0)
    #expect(lines.count { $0.hasPrefix("h1") } == ConfigStanding.namesShown)
    #expect(lines.contains("and 30 more"))
  }
}

@Suite struct AuditTableTests {
  @Test func whoDidWhatToWhom() {
    let text = AuditTable.table([
      AuditEntry(
        id: 2, author: "ann@desk", action: "run.ping", selector: "role=web", detail: "ping",
        message: "is it\u{1B} up?", outcome: "ok", summary: "312 of 312 ok", hosts: 312),
      AuditEntry(
        id: 1, action: "host.config_failed", outcome: "failed", summary: "no such disk", hosts: 1,
        host: [AuditHost(hostID: "0a", instance: "web1", outcome: "failed")]),
      AuditEntry(id: 0, author: "bob", action: "config.push", outcome: "running", hosts: 2),
    ]).text(style: Style(isEnabled: false)).split(separator: "\n").map(String.init)
    #expect(
      text[1]
        == "-     ann@desk  run.ping            role=web (312 hosts)  ok       312 of 312 ok  ping: is it\u{FFFD} up?"
    )
    #expect(text[2] == "-     -         host.config_failed  web1                  failed   no such disk")
    #expect(text[3] == "-     bob       config.push         the fleet (2 hosts)   running")
  }
}

func configured(_ name: String, _ state: ConfigState) -> HostInfo {
  var host = host(name)
  host.configState = state
  host.configVersion = 12
  host.configSHA256 = state == .verified ? [UInt8](repeating: 1, count: 32) : []
  return host
}
