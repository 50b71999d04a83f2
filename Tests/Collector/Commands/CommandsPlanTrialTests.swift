import GRPC
import Sampling
import Testing
import Wire

@testable import Collector

@Suite struct PlanTrialTests {
  private let files = FakeProcesses()

  init() {
    files.write("/proc/loadavg", "1.00 2.00 3.00 1/2 3\n")
    files.write("/proc/uptime", "5.00 1.00\n")
    files.write("/proc/stat", "cpu0 1 2 3 4\n")
  }

  /// A plan, tried in virtual time; each reading of the CPU clock is a millisecond later.
  private func plan(_ config: CollectorConfig, _ local: CollectorSettings = CollectorSettings()) -> (
    PlanReport, Duration
  ) {
    var cpu: Int64 = 0
    var now = Moment(instant: Instant(nanoseconds: 0), wallMicroseconds: 0)
    let trial = PlanTrial(
      config, from: EffectiveSettings(local), local: local, root: files.root,
      calls: .live, clock: { 0 },
      cpuClock: {
        cpu += 1_000_000
        return cpu
      }, facts: { SelfMetrics.Facts() }, at: now)
    var second = 0
    while true {
      if let report = trial.step(at: now) { return (report, now.instant - Instant(nanoseconds: 0)) }
      second += 1
      files.write("/proc/uptime", "\(second).00 1.00\n")
      now = now.advanced(by: trial.nextStep - now.instant)
    }
  }

  private func config(_ change: (inout CollectorConfig) -> Void) -> CollectorConfig {
    var config = CollectorConfig(schema: ConfigSchema.version)
    change(&config)
    return config
  }

  @Test func saysWhatItWouldCost() {
    let (report, duration) = plan(config { $0.intervalMilliseconds = 1000 })
    #expect(report.changes == ["interval: 5s -> 1s"])
    #expect(report.seriesThen == report.seriesNow && report.seriesNow > 5)
    // A millisecond of CPU a pass, every 5 s and every second.
    #expect(abs(report.cpuRatioNow - 0.0002) < 1e-9 && abs(report.cpuRatioThen - 0.001) < 1e-9)
    #expect(report.bytesPerSecondNow > 0)
    // About five times as much: what the process says of itself differs a little from pass to pass.
    #expect((3...8).contains(report.bytesPerSecondThen / report.bytesPerSecondNow))
    #expect(report.refused == [] && report.unreadable == [])
    #expect(duration == .seconds(3))
  }

  @Test func sourcesThatAreOffHaveNoSeries() {
    let (report, _) = plan(
      config { $0.sources = [SourceConfig(name: "stat", enabled: .off)] })
    #expect(report.seriesNow - report.seriesThen == 6)
    #expect(report.changes == ["sources.stat: on -> off"])
  }

  @Test func whatCannotBeReadIsNamed() {
    let (report, _) = plan(
      config {
        $0.sources = [
          SourceConfig(name: "loadavg", enabled: .on), SourceConfig(name: "netdev", enabled: .on),
          SourceConfig(name: "pressure_cpu", enabled: .off),
        ]
      })
    #expect(report.unreadable.map(\.key) == ["sources.netdev"])
    #expect(report.unreadable.first?.message.hasPrefix("unsupported: ") == true)
  }

  @Test func whatWouldBeRefusedChangesNothing() {
    var local = CollectorSettings()
    local.remote.minimumInterval = .seconds(2)
    let (report, _) = plan(config { $0.intervalMilliseconds = 1000 }, local)
    #expect(report.refused.map(\.key) == ["interval"])
    #expect(report.changes == [])
    #expect(report.seriesThen == report.seriesNow)
    #expect(report.cpuRatioThen == report.cpuRatioNow)
  }
}
