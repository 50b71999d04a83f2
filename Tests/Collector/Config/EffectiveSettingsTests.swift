import Sampling
import Settings
import Testing
import Wire

@testable import Collector

@Suite struct EffectiveSettingsTests {
  private let everything = CollectorConfig(
    schema: ConfigSchema.version, intervalMilliseconds: 1000,
    sources: [
      SourceConfig(name: "diskstats", enabled: .off),
      SourceConfig(name: "filesystem", intervalMilliseconds: 30_000),
      SourceConfig(name: "netdev", enabled: .on),
    ],
    filters: [
      FilterConfig(name: "mount_points", exclude: ["/mnt/*"]),
      FilterConfig(name: "network_interfaces", include: ["eth*"]), FilterConfig(name: "vmstat_fields"),
    ],
    labels: [Label("team", "web")], bufferBytes: 1 << 20, bufferFrames: 500, cpuBudgetRatio: 0.02,
    memoryBudgetBytes: 32 << 20, logLevel: "debug", heartbeatIntervalMilliseconds: 3000, recorder: .off)

  @Test func whatAConfigSaysHoldsAndTheRestStays() {
    var local = CollectorSettings()
    local.sources = [
      "netdev": SourceSettings(isEnabled: false), "stat": SourceSettings(interval: .seconds(60)),
    ]
    local.filters.diskDevices.exclude = [GlobPattern("sd*")]
    let settings = EffectiveSettings(local, everything)
    #expect(settings.interval == .seconds(1) && settings.heartbeatInterval == .seconds(3))
    #expect(settings.buffer.maximumBytes == 1 << 20 && settings.buffer.maximumFrames == 500)
    #expect(settings.budget.cpuRatio == 0.02 && settings.budget.memoryBytes == 32 << 20)
    #expect(!settings.recorder && settings.logLevel == "debug")
    #expect(
      settings.sampling.sources == [
        "diskstats": SourceSettings(isEnabled: false),
        "filesystem": SourceSettings(interval: .seconds(30)), "netdev": SourceSettings(),
        "stat": SourceSettings(interval: .seconds(60)),
      ])
    #expect(settings.sampling.filters.diskDevices.exclude?.map(\.text) == ["sd*"])
    #expect(settings.sampling.filters.mountPoints.exclude?.map(\.text) == ["/mnt/*"])
    #expect(settings.sampling.filters.mountPoints.include == nil)
    #expect(settings.sampling.filters.networkInterfaces.include?.map(\.text) == ["eth*"])
    #expect(settings.sampling.filters.networkInterfaces.exclude == nil)
    // A filter without any pattern leaves nothing out.
    #expect(settings.sampling.filters.vmstatFields.keeps("nr_free_pages"))
    #expect(everything.problems() == [])
  }

  @Test func aConfigThatSaysNothingChangesNothing() {
    let local = CollectorSettings()
    #expect(
      EffectiveSettings(local, CollectorConfig(schema: ConfigSchema.version)) == EffectiveSettings(local))
  }

  @Test func changesAreToldKeyByKey() {
    let local = EffectiveSettings(CollectorSettings())
    #expect(local.changes(to: local) == [])
    #expect(
      local.changes(to: EffectiveSettings(CollectorSettings(), everything)) == [
        "budget.cpu: 5% -> 2%", "budget.memory: 64MiB -> 32MiB", "buffer.bytes: 4MiB -> 1MiB",
        "buffer.frames: 100000 -> 500", "filters.mount_points.exclude: default -> [/mnt/*]",
        "filters.network_interfaces.include: default -> [eth*]",
        "filters.vmstat_fields.exclude: default -> []", "heartbeat_interval: 10s -> 3s", "interval: 5s -> 1s",
        "labels.team: none -> web", "log.level: info -> debug", "recorder: on -> off",
        "sources.diskstats: on -> off", "sources.filesystem: on -> 30s",
      ])
  }

  @Test func theFolderOfTextFilesIsTheHostsOwnWhateverAConfigSays() {
    var local = CollectorSettings()
    local.textfileDirectory = "/m"
    #expect(EffectiveSettings(local, everything).sampling.textfileDirectory == "/m")
    #expect(
      EffectiveSettings(CollectorSettings()).changes(to: EffectiveSettings(local)) == [
        "textfile_directory: default -> /m"
      ])
    let named = CollectorConfig(
      schema: ConfigSchema.version,
      filters: [FilterConfig(name: "textfile_directory", include: ["/etc"])])
    #expect(EffectiveSettings(local, named).sampling == EffectiveSettings(local).sampling)
    #expect(named.problems().map(\.key) == ["filters.textfile_directory"])
  }

  @Test func aSourceCannotBeReadMoreOftenThanThisHostSamples() {
    let config = CollectorConfig(
      schema: ConfigSchema.version, sources: [SourceConfig(name: "stat", intervalMilliseconds: 2000)])
    #expect(
      ConfigCheck.problems(config, on: CollectorSettings()) == [
        ConfigProblem(
          key: "sources.stat",
          message: "2s is shorter than the interval of this host, which is 5s; "
            + "a source can only be read less often")
      ])
    var fast = CollectorSettings()
    fast.interval = .seconds(1)
    #expect(ConfigCheck.problems(config, on: fast) == [])
  }

  @Test func theSchemaKnowsTheSourcesThereAre() {
    #expect(Set(Shedding.dearSources).isSubset(of: ConfigSchema.sourceNames))
  }
}
