import GRPC
import ProcFS
import Sampling
import Testing
import Wire

@testable import Collector

@Suite struct CommandsReportTests {
  private func lines(_ host: FakeEnvironment) -> [String: SelfCheckLine] {
    let desk = CommandDesk(forbidden: [], environment: host)
    desk.begin(.test("a", .selfCheck), at: .at(0))
    let (told, outputs) = desk.run(from: .at(0))
    #expect(told == ["a output 0", "a ok"])
    guard case .selfCheck(let report)? = outputs.first?.content else { return [:] }
    return Dictionary(uniqueKeysWithValues: report.lines.map { ($0.subject, $0) })
  }

  @Test func selfCheckOfAHostInOrder() {
    let host = FakeEnvironment()
    host.root = ProcRoot()
    host.sourceStatuses = [SourceStatus(name: "stat")]
    host.clockOffsetMicroseconds = -2500
    host.configStatus = ConfigStatus(version: 7, state: .verified)
    let lines = lines(host)
    // Where the tests run, mounts may be hidden: that is the machine's, and tried in SelfCheckTests.
    let mounts = lines.keys.filter { $0.hasPrefix("mount ") }
    #expect(!mounts.isEmpty)
    #expect(lines.allSatisfy { $0.value.state == "ok" || mounts.contains($0.key) })
    #expect(lines["clock"]?.detail == "the aggregator's is 2 ms behind")
    #expect(lines["configuration"]?.detail == "version 7 is in force")
    #expect(lines["state folder"]?.detail == "/tmp")
    #expect(
      Set(lines.keys).subtracting(mounts) == [
        "stat", "series", "state folder", "clock", "configuration", "budget", "recorder",
      ])
  }

  @Test func selfCheckOfOneThatIsNot() {
    let host = FakeEnvironment()
    var status = SourceStatus(name: "stat")
    status.availability = .failing(.malformed(file: "proc/stat", line: 3, reason: "odd"))
    status.lastReadNanoseconds = 42_000
    var off = SourceStatus(name: "netdev")
    off.isEnabled = false
    host.sourceStatuses = [status, off]
    host.stuckMounts = [StuckMount(point: "/mnt/a", sinceNanoseconds: -61_000_000_000)]
    host.stateDirectory = "/nowhere"
    host.clockOffsetMicroseconds = .min
    host.configStatus = ConfigStatus(
      version: 7, state: .refused, reason: "no",
      problems: [ConfigProblem(key: "interval", message: "too short")])
    host.budget = BudgetStanding(level: 2, detail: "3 % of a CPU of 2 %")
    host.recorder.isOn = false
    host.seriesStanding = SeriesStanding(count: 20_000, maximum: 20_000, refused: 3)
    let lines = lines(host)
    #expect(
      lines["stat"]
        == SelfCheckLine(subject: "stat", state: "failing", detail: "proc/stat:3: odd", readMicroseconds: 42))
    #expect(lines["netdev"]?.detail == "switched off by the settings")
    #expect(lines["mount /mnt/a"]?.state == "stuck")
    #expect(lines["mount /mnt/a"]?.detail == "has not answered for 61 s; is the server it lies on there?")
    #expect(lines["state folder"]?.state == "failing")
    #expect(lines["clock"]?.state == "warning")
    #expect(lines["configuration"]?.state == "warning")
    #expect(lines["configuration"]?.detail == "version 7 is refused; no; interval: too short")
    #expect(lines["budget"]?.state == "warning")
    #expect(lines["series"]?.state == "warning")
    #expect(lines["recorder"]?.detail == "switched off")
  }

  @Test func diagnosticsHaveNoSecrets() {
    let host = FakeEnvironment()
    host.root = ProcRoot()
    host.settings = [
      CommandFact("aggregator", "https://bob:hunter2@h:1"), CommandFact("tls.key_file", "/etc/k.pem"),
      CommandFact("join_token", "hunter2"), CommandFact("token", "/run/token"), CommandFact("interval", "5s"),
    ]
    host.recentLogLines = ["level=info token=hunter2", "level=info msg=ok"]
    host.counters = [CommandFact("frames_collected_total", 7)]
    host.sourceStatuses = [SourceStatus(name: "stat")]
    host.configStatus = ConfigStatus(sha256: [0xAB, 1], version: 3, state: .applied)
    let desk = CommandDesk(forbidden: [], environment: host)
    desk.begin(.test("a", .diagnostics), at: .at(0))
    let (told, outputs) = desk.run(from: .at(0))
    #expect(told.last == "a ok")
    var files: [String: String] = [:]
    for output in outputs {
      guard case .diagnostics(let part) = output.content else { continue }
      files[part.name] = String(decoding: part.content, as: UTF8.self)
    }
    #expect(
      files["settings.yaml"]
        == "aggregator: https://bob:***@h:1\ntls.key_file: /etc/k.pem\njoin_token: ***\ntoken: /run/token\ninterval: 5s\n"
    )
    #expect(files["config.yaml"] == "# none but the local settings\n")
    #expect(
      files["config-status.yaml"]?.contains("state: in force, not confirmed yet\nversion: 3\nsha256: ab01\n")
        == true)
    #expect(files["log.txt"] == "level=info token=***\nlevel=info msg=ok\n")
    #expect(files["counters.txt"] == "frames_collected_total 7\n")
    #expect(files["sources.txt"] == "stat ok 0 us 0 series \n")
    #expect(files["process-status.txt"]?.hasPrefix("Name:\t") == true)
    #expect(!files.values.contains { $0.contains("hunter2") })
  }
}
