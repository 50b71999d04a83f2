import GRPC
import Testing

@testable import Wire

@Suite struct CollectorConfigTests {
  @Test(arguments: 0..<20)
  func orderDoesNotChangeTheBytes(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var config = Example.config
    config.sources.append(SourceConfig(name: "netdev", enabled: .on))
    config.labels.append(Label("zone", "b"))
    let packed = config.packed
    config.sources.shuffle(using: &random)
    config.filters.shuffle(using: &random)
    config.labels.shuffle(using: &random)
    for index in config.filters.indices {
      config.filters[index].include.shuffle(using: &random)
      config.filters[index].exclude.shuffle(using: &random)
    }
    #expect(config.packed == packed)
    #expect(config.sha256 == SHA256.digest(of: packed))
    #expect(try CollectorConfig(packed: packed).packed == packed)
  }

  @Test func everyValueChangesTheBytes() {
    let changes: [(inout CollectorConfig) -> Void] = [
      { $0.schema = 2 }, { $0.intervalMilliseconds = 2000 }, { $0.sources[0].enabled = .on },
      { $0.sources[0].intervalMilliseconds = 0 }, { $0.sources.removeLast() }, { $0.filters[0].include = [] },
      { $0.filters[1].exclude.append("br-*") }, { $0.labels[0].value = "8" }, { $0.bufferBytes = 0 },
      { $0.bufferFrames = 0 }, { $0.cpuBudgetRatio = 0.03 }, { $0.memoryBudgetBytes = 0 },
      { $0.bytesPerSecondBudget = 5000 },
      { $0.logLevel = "debug" }, { $0.heartbeatIntervalMilliseconds = 0 }, { $0.recorder = .off },
    ]
    var seen: Set = [Example.config.packed]
    for change in changes {
      var config = Example.config
      change(&config)
      #expect(seen.insert(config.packed).inserted)
    }
  }

  @Test func theEmptyConfigIsAcceptableAndSaysItsSchemaOnly() {
    #expect(CollectorConfig().packed == [0x08, 1])
    #expect(CollectorConfig().problems() == [])
    #expect(Example.config.problems() == [])
  }

  @Test func theLargestAcceptableConfigFits() throws {
    let pattern = String(repeating: "p", count: ConfigSchema.maximumPatternBytes)
    let patterns = [String](repeating: pattern, count: ConfigSchema.maximumPatterns)
    let value = String(repeating: "v", count: MessageLimits.labelValueBytes)
    let name = String(repeating: "n", count: MessageLimits.nameBytes - 2)
    let config = CollectorConfig(
      sources: ConfigSchema.sourceNames.map {
        SourceConfig(name: $0, enabled: .on, intervalMilliseconds: 60_000)
      },
      filters: ConfigSchema.filterNames.map { FilterConfig(name: $0, include: patterns, exclude: patterns) },
      labels: (10..<10 + ConfigSchema.maximumLabels).map { Label("\(name)\($0)", value) })
    #expect(config.problems() == [])
    #expect(config.packed.count < MessageLimits.configBytes)
    #expect(try CollectorConfig(packed: config.packed).problems() == [])
  }

  @Test func whatIsTooLargeIsNotEvenUnpacked() {
    let bytes = [UInt8](repeating: 0, count: MessageLimits.configBytes + 1)
    #expect(
      status { _ = try CollectorConfig(packed: bytes) }
        == Status(.invalidArgument, "a config of 2097153 bytes; 2097152 are allowed"))
    #expect(status { _ = try CollectorConfig(packed: [0xFF]) }?.code == .invalidArgument)
  }
}

@Suite struct ConfigProblemTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout CollectorConfig) -> Void
    init(_ problem: String, _ change: @escaping @Sendable (inout CollectorConfig) -> Void) {
      testDescription = problem
      self.change = change
    }
  }

  static let cases = [
    Case("schema: schema 0 is not known here; known is 1. Update this program") { $0.schema = 0 },
    Case("schema: schema 2 is not known here; known is 1. Update this program") {
      $0.schema = 2
      $0.intervalMilliseconds = 1
    },
    Case("interval: 99 ms; accepted are 100 to 60000") { $0.intervalMilliseconds = 99 },
    Case("interval: 60001 ms; accepted are 100 to 60000") { $0.intervalMilliseconds = 60_001 },
    Case("sources.uptime: comes twice; once is enough") {
      $0.sources = [SourceConfig(name: "uptime", enabled: .on), SourceConfig(name: "uptime", enabled: .on)]
    },
    Case("sources.stat: 60001 ms; accepted are 100 to 60000") {
      $0.sources = [SourceConfig(name: "stat", intervalMilliseconds: 60_001)]
    },
    Case(
      "sources.stat: 500 ms is less than the interval of 1000 ms; a source can be read less often than the "
        + "others, not more often"
    ) {
      $0.intervalMilliseconds = 1000
      $0.sources = [SourceConfig(name: "stat", intervalMilliseconds: 500)]
    },
    Case(
      "filters.disks: disks is not a filter; accepted are disk_devices, mount_points, filesystem_types, "
        + "network_interfaces, vmstat_fields, netstat_fields, cgroups, systemd_units"
    ) { $0.filters = [FilterConfig(name: "disks")] },
    Case("filters.mount_points: comes twice; once is enough") {
      $0.filters = [FilterConfig(name: "mount_points"), FilterConfig(name: "mount_points")]
    },
    Case("filters.mount_points.include: 257 patterns; 256 are allowed") {
      $0.filters = [FilterConfig(name: "mount_points", include: .init(repeating: "a", count: 257))]
    },
    Case("filters.mount_points.exclude: has a pattern that is not 1 to 256 bytes long, without NUL") {
      $0.filters = [FilterConfig(name: "mount_points", exclude: [String(repeating: "a", count: 257)])]
    },
    Case("filters.mount_points.exclude: has a pattern that is not 1 to 256 bytes long, without NUL") {
      $0.filters = [FilterConfig(name: "mount_points", exclude: [""])]
    },
    Case("filters.mount_points.include: has a pattern that is not 1 to 256 bytes long, without NUL") {
      $0.filters = [FilterConfig(name: "mount_points", include: ["a\0"])]
    },
    Case("labels: 33 labels; 32 are allowed") { $0.labels = (0..<33).map { Label("l\($0)", "v") } },
    Case("labels.7: is not a label name; accepted are letters, digits and _, not starting with a digit") {
      $0.labels = [Label("7", "v")]
    },
    Case("labels.__x: starts with __, which is reserved") { $0.labels = [Label("__x", "v")] },
    Case("labels.instance: is what tells hosts apart; config cannot change it") {
      $0.labels = [Label("instance", "v")]
    },
    Case("labels.host_id: is what tells hosts apart; config cannot change it") {
      $0.labels = [Label("host_id", "v")]
    },
    Case("labels.a: needs a value of 1 to 1024 bytes") { $0.labels = [Label("a", "")] },
    Case("labels.a: needs a value of 1 to 1024 bytes") {
      $0.labels = [Label("a", String(repeating: "v", count: 1025))]
    },
    Case("labels.a: has a value with a NUL") { $0.labels = [Label("a", "v\0")] },
    Case("labels.a: comes twice; once is enough") { $0.labels = [Label("a", "1"), Label("a", "2")] },
    Case("buffer.bytes: 65535 bytes; accepted are 65536 to 1073741824") { $0.bufferBytes = 65_535 },
    Case("buffer.frames: 10000001 frames; accepted are 1 to 10000000") { $0.bufferFrames = 10_000_001 },
    Case("budget.cpu: 0.0004 CPUs; accepted are 0.0005 to 1.0") { $0.cpuBudgetRatio = 0.0004 },
    Case("budget.cpu: nan CPUs; accepted are 0.0005 to 1.0") { $0.cpuBudgetRatio = .nan },
    Case("budget.cpu: -0.5 CPUs; accepted are 0.0005 to 1.0") { $0.cpuBudgetRatio = -0.5 },
    Case("budget.memory: 1 bytes; accepted are 4194304 to 1073741824") { $0.memoryBudgetBytes = 1 },
    Case("heartbeat_interval: 999 ms; accepted are 1000 to 300000") {
      $0.heartbeatIntervalMilliseconds = 999
    },
    Case(
      "log.level: loud is not a level; accepted are trace, debug, info, notice, warning, error, critical"
    ) { $0.logLevel = "loud" },
  ]

  @Test(arguments: cases)
  func isFoundAndNothingElse(_ problem: Case) {
    var config = CollectorConfig()
    problem.change(&config)
    #expect(config.problems().map { "\($0.key): \($0.message)" } == [problem.testDescription])
  }

  @Test func allOfThemAreFoundAtOnce() {
    let config = CollectorConfig(
      intervalMilliseconds: 1, sources: [SourceConfig(name: "disks")], logLevel: "loud", recorder: .on)
    #expect(config.problems().map(\.key) == ["interval", "sources.disks", "log.level"])
  }

  @Test func namesOfAnyLengthGiveKeysThatArriveWhole() throws {
    let name = String(repeating: "é", count: 5000)
    let config = CollectorConfig(
      sources: [SourceConfig(name: name)], filters: [FilterConfig(name: name)], labels: [Label(name, "v")])
    let problems = config.problems()
    #expect(problems.count == 3)
    let status = ConfigStatus(problems: problems)
    #expect(try decode(ConfigStatus.self, encoded(status)) == status)
  }

  @Test func thereAreOnlySoMany() {
    let config = CollectorConfig(sources: .init(repeating: SourceConfig(name: "?"), count: 2000))
    #expect(config.problems().count == MessageLimits.problems)
  }
}
