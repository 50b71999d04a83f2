import Settings
import Testing
import Wire

@testable import Steering

/// A document with every key, and what it comes to.
private let everything = """
  schema: 1
  interval: 5s
  heartbeat_interval: 10s
  sources: {vmstat: 15s, diskstats: off, filesystem: on}
  filters:
    mount_points: {exclude: ["/mnt/*", /x]}
    disk_devices:
      include: sd*
      exclude: []
  labels: {team: web, area: "51"}
  buffer: {bytes: 4MiB, frames: 1000}
  budget: {cpu: 2.5%, memory: 32MiB}
  recorder: off
  log: {level: warning}
  """

@Suite struct DocumentsTextTests {
  @Test func everyKeyIsRead() throws {
    let config = try ConfigText.parse(everything, file: "f")
    let expected = CollectorConfig(
      schema: 1, intervalMilliseconds: 5000,
      sources: [
        SourceConfig(name: "diskstats", enabled: .off), SourceConfig(name: "filesystem", enabled: .on),
        SourceConfig(name: "vmstat", enabled: .on, intervalMilliseconds: 15_000),
      ],
      filters: [
        FilterConfig(name: "disk_devices", include: ["sd*"]),
        FilterConfig(name: "mount_points", exclude: ["/mnt/*", "/x"]),
      ],
      labels: [Label("area", "51"), Label("team", "web")], bufferBytes: 4 << 20, bufferFrames: 1000,
      cpuBudgetRatio: 0.025, memoryBudgetBytes: 32 << 20, logLevel: "warning",
      heartbeatIntervalMilliseconds: 10_000, recorder: .off)
    #expect(config == expected)
  }

  @Test func entriesSayWhatTheDocumentSaid() throws {
    let entries = ConfigText.entries(of: try ConfigText.parse(everything, file: "f"))
    #expect(
      entries.map { "\($0.key)=\($0.value)" } == [
        "interval=5s", "heartbeat_interval=10s", "sources.diskstats=off", "sources.filesystem=on",
        "sources.vmstat=15s", "filters.disk_devices.include=[sd*]",
        "filters.mount_points.exclude=[/mnt/*, /x]", "labels.area=51", "labels.team=web",
        "buffer.bytes=4MiB", "buffer.frames=1000", "budget.cpu=2.5%", "budget.memory=32MiB", "recorder=off",
        "log.level=warning",
      ])
  }

  @Test func emptyListsKeepEveryName() throws {
    let config = try ConfigText.parse("filters: {mount_points: {exclude: []}}", file: "f")
    #expect(config.filters == [FilterConfig(name: "mount_points")])
    #expect(ConfigText.entries(of: config).map(\.key) == ["filters.mount_points.exclude"])
    #expect(ConfigText.entries(of: config).map(\.value) == ["[]"])
  }

  @Test func orderInTheDocumentDoesNotMatter() throws {
    let one = try ConfigText.parse("sources: {stat: on, netdev: off}\nlabels: {b: x, a: y}", file: "f")
    let other = try ConfigText.parse("labels: {a: y, b: x}\nsources: {netdev: off, stat: on}", file: "f")
    #expect(one == other)
    #expect(one.packed == other.packed)
  }

  @Test(arguments: ConfigSchema.sourceNames)
  func everySourceCanBeSwitched(name: String) throws {
    for (text, enabled, interval) in [("on", Switch.on, UInt32(0)), ("off", .off, 0), ("1m", .on, 60_000)] {
      let config = try ConfigText.parse("sources:\n  \(name): \(text)", file: "f")
      #expect(config.sources == [SourceConfig(name: name, enabled: enabled, intervalMilliseconds: interval)])
      #expect(ConfigText.entries(of: config).map(\.value) == [text])
    }
  }

  @Test(arguments: [
    ("0.05%", 0.0005), ("2%", 0.02), ("2.50%", 0.025), ("99.9999%", 0.999999), ("100%", 1),
  ])
  func percentages(text: String, ratio: Double) throws {
    let config = try ConfigText.parse("budget: {cpu: \(text)}", file: "f")
    #expect(config.cpuBudgetRatio == ratio)
    let shown = try #require(ConfigText.entries(of: config).first).value
    #expect(try ConfigText.parse("budget: {cpu: \(shown)}", file: "f") == config)
  }

  @Test func everyPercentageComesBackAsItWasWritten() throws {
    for units in stride(from: 500, through: 1_000_000, by: 37) {
      let ratio = Double(units) / 1_000_000
      #expect(try PercentText.parse(PercentText.text(ratio), in: 0...1) == ratio)
    }
    #expect(PercentText.text(.infinity) == "100000000000%")
    #expect(PercentText.text(-1) == "0%")
    #expect(PercentText.text(.nan) == "0%")
  }
}
