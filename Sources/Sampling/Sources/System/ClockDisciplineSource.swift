import ProcFS
import Wire

/// `adjtimex(2)`, asked and nothing set: `node_timex_*`.
struct ClockDisciplineSource: Source {
  static let metrics = gauges + errors + pulse + ratios

  private static let gauges = [
    Metric.gauge(
      "node_timex_sync_status", "Whether the clock is synchronized to a reliable server: 1 or 0."),
    Metric.gauge(
      "node_timex_offset_seconds", "How far the clock is off by what steers it.", divisor: 1_000_000_000),
    Metric.gauge("node_timex_status", "The bits `STA_…` of the clock's status."),
    Metric.gauge("node_timex_loop_time_constant", "Time constant of the phase-locked loop."),
    Metric.gauge("node_timex_tai_offset_seconds", "How far international atomic time is ahead."),
    Metric.gauge("node_timex_tick_seconds", "Time between two ticks of the clock.", divisor: 1_000_000),
  ]
  private static let errors = [
    Metric.gauge(
      "node_timex_maxerror_seconds", "The most the clock may be off; grows until it is set.",
      divisor: 1_000_000),
    Metric.gauge(
      "node_timex_estimated_error_seconds", "How much the clock is believed to be off.", divisor: 1_000_000),
  ]
  private static let pulse = [
    Metric.gauge(
      "node_timex_pps_jitter_seconds", "Jitter of the pulse per second.", divisor: 1_000_000_000),
    Metric.gauge("node_timex_pps_shift_seconds", "Length of the pulse's interval, a power of two."),
    Metric.counter("node_timex_pps_jitter_total", "How often the pulse's jitter was beyond its limit."),
    Metric.counter("node_timex_pps_calibration_total", "Intervals of the pulse's calibration."),
    Metric.counter("node_timex_pps_error_total", "Errors of the pulse's calibration."),
    Metric.counter(
      "node_timex_pps_stability_exceeded_total", "How often the pulse's stability was beyond its limit."),
  ]
  // Divided by 65536 millions, which no divisor holds: doubles, which change only when the clock is steered anew.
  private static let ratios = [
    Metric.double("node_timex_frequency_adjustment_ratio", "How fast the clock is made to go; 1: as it is."),
    Metric.double("node_timex_pps_frequency_hertz", "Frequency of the clock by the pulse."),
    Metric.double("node_timex_pps_stability_hertz", "How much that has changed of late."),
  ]
  private static let frequencyUnit = 65_536_000_000.0

  private let ask: @Sendable () -> Result<ClockDiscipline, SystemCallError>
  private var series = FixedSeries(metrics)

  init(asking ask: @escaping @Sendable () -> Result<ClockDiscipline, SystemCallError>) {
    self.ask = ask
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let clock: ClockDiscipline
    switch ask() {
    case .success(let answer): clock = answer
    case .failure(let error): throw KernelError(path: "adjtimex(2)", errno: error.code)
    }
    guard var id = series.first(in: &table) else { return }
    let integers = Self.integers(clock)
    for index in integers.indices {
      table.set(id, integers[index])
      id += 1
    }
    table.set(id, double: 1 + Double(clock.frequency) / Self.frequencyUnit)
    table.set(id + 1, double: Double(clock.pulse.frequency) / Self.frequencyUnit)
    table.set(id + 2, double: Double(clock.pulse.stability) / Self.frequencyUnit)
  }

  /// In the order of the metrics.
  private static func integers(_ clock: ClockDiscipline) -> InlineArray<14, Int64> {
    [
      clock.isSynchronized ? 1 : 0, clock.offset, clock.status, clock.timeConstant, clock.taiOffset,
      clock.tick, clock.maximumError, clock.estimatedError,
      clock.pulse.jitter, clock.pulse.shift, clock.pulse.jitterExceeded, clock.pulse.calibrations,
      clock.pulse.errors, clock.pulse.stabilityExceeded,
    ]
  }

  mutating func forgetSeries() {
    series.forget()
  }
}

extension Metric {
  /// What goes up and down and is no whole number of anything.
  fileprivate static func double(_ name: String, _ help: String) -> Metric {
    var metric = gauge(name, help)
    metric.type = .double
    return metric
  }
}
