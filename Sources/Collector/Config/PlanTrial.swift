import GRPC
import ProcFS
import Sampling
import Settings
import Wire

/// Tries on this host what a config would do: with samplers and encoders of its own, beside what runs, for a
/// few passes. Nothing is applied.
///
/// Values that do not change cost no bytes, so passes are as far apart as samples are, but a second at most;
/// what a longer interval costs is then estimated a little low.
final class PlanTrial {
  /// Passes that are measured. One before them describes the series, and is not.
  static let passes = 3
  /// Passes are no further apart than this.
  static let longestPause: Duration = .seconds(1)

  /// One side of the comparison.
  private struct Side: ~Copyable {
    let sampler: Sampler
    let interval: Duration
    var table = SampleTable()
    var selfMetrics: SelfMetrics
    var encoder = FrameEncoder()
    var sequence: UInt64 = 0
    var series = 0
    var bytes = 0
    var cpuNanoseconds: Int64 = 0

    init(
      _ settings: EffectiveSettings, root: ProcRoot, calls: KernelCalls, sparing unasked: Set<String>,
      clock: @escaping @Sendable () -> Int64
    ) {
      interval = settings.interval
      selfMetrics = SelfMetrics(registeringIn: &table)
      sampler = Sampler(
        root: root, filters: settings.sampling.filters, calls: calls, sparing: unasked, clock: clock)
      sampler.apply(settings.sampling, to: &table)
    }
  }

  private var now: Side
  private var then: Side
  private var report: PlanReport
  private let config: CollectorConfig
  private let cpuClock: () -> Int64
  private let facts: () -> SelfMetrics.Facts
  private var buffer: [UInt8] = []
  private var passed = 0
  /// When `step` wants to be called.
  private(set) var nextStep: Instant

  /// - Parameters:
  ///   - settings: what runs.
  ///   - config: what is planned.
  ///   - unasked: sources that are left alone, since their devices do not answer as it is.
  ///   - cpuClock: CPU time of the calling thread, in nanoseconds.
  ///   - facts: what self-metrics tell: no config leaves them out.
  init(
    _ config: CollectorConfig, from settings: EffectiveSettings, local: CollectorSettings, root: ProcRoot,
    calls: KernelCalls, sparing unasked: Set<String> = [], clock: @escaping @Sendable () -> Int64,
    cpuClock: @escaping () -> Int64,
    facts: @escaping () -> SelfMetrics.Facts,
    at moment: Moment
  ) {
    self.config = config
    self.cpuClock = cpuClock
    self.facts = facts
    report = PlanReport(refused: ConfigCheck.problems(config, on: local))
    // A config that would be refused changes nothing.
    let planned = report.refused.isEmpty ? EffectiveSettings(local, config) : settings
    report.changes = report.refused.isEmpty ? settings.changes(to: planned) : []
    now = Side(settings, root: root, calls: calls, sparing: unasked, clock: clock)
    then = Side(planned, root: root, calls: calls, sparing: unasked, clock: clock)
    nextStep = moment.instant
  }

  /// One pass of each side; the report after the last.
  func step(at moment: Moment) -> PlanReport? {
    measure(&now, at: moment)
    measure(&then, at: moment)
    passed += 1
    let shortest = min(now.interval, then.interval)
    nextStep = moment.instant + min(shortest, Self.longestPause)
    return passed > Self.passes ? finish() : nil
  }

  private func measure(_ side: inout Side, at moment: Moment) {
    let begin = cpuClock()
    // As if its interval had passed since the last one, so that sources with longer ones of their own count
    // for what they will cost.
    side.sampler.sample(
      into: &side.table, atWall: Int64(passed) * side.interval.saturatedMicroseconds)
    side.selfMetrics.sample(facts(), into: &side.table)
    side.sequence += 1
    buffer.removeAll(keepingCapacity: true)
    let frame = side.encoder.encode(
      sequence: side.sequence, wallTimeMicroseconds: moment.wallMicroseconds,
      monotonicMicroseconds: UInt64(clamping: moment.instant.nanoseconds / 1000),
      descriptors: side.table.descriptors, values: side.table.values, present: side.table.present,
      into: &buffer)
    side.series = frame.samples
    guard passed > 0 else { return }
    side.bytes += frame.bytes
    side.cpuNanoseconds += cpuClock() - begin
  }

  private func finish() -> PlanReport {
    report.seriesNow = UInt32(clamping: now.series)
    report.seriesThen = UInt32(clamping: then.series)
    report.bytesPerSecondNow = perSecond(Double(now.bytes), now.interval)
    report.bytesPerSecondThen = perSecond(Double(then.bytes), then.interval)
    report.cpuRatioNow = perSecond(Double(now.cpuNanoseconds) / 1e9, now.interval)
    report.cpuRatioThen = perSecond(Double(then.cpuNanoseconds) / 1e9, then.interval)
    report.unreadable = unreadable
    return report
  }

  private func perSecond(_ sum: Double, _ interval: Duration) -> Double {
    sum / Double(Self.passes) / (interval / .seconds(1))
  }

  /// Sources that the config names, and that give nothing here.
  private var unreadable: [ConfigProblem] {
    let asked = Set(config.sources.filter { $0.enabled != .off }.map(\.name))
    return then.sampler.statuses.compactMap { status in
      guard asked.contains(status.name), let error = status.availability.error else { return nil }
      return ConfigProblem(
        key: "sources.\(status.name)", message: "\(status.availability.word): \(error)")
    }
  }
}
