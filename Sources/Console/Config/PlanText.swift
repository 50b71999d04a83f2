import Wire

/// What a config would do to one host, as lines for people.
enum PlanText {
  /// Everything a host's report says.
  static func lines(_ report: PlanReport) -> [String] {
    var lines = [figures(report)]
    lines += report.refused.map { "would refuse \(problem($0))" }
    lines += report.unreadable.map { "cannot read \(problem($0))" }
    lines += report.changes.map(\.printable)
    return lines
  }

  /// `series 370 -> 212, 190B -> 88B a second, CPU 0.07% -> 0.05%`
  static func figures(_ report: PlanReport) -> String {
    [
      "series \(report.seriesNow) -> \(report.seriesThen)",
      "\(Units.bytes(report.bytesPerSecondNow)) -> \(Units.bytes(report.bytesPerSecondThen)) a second",
      "CPU \(cpu(report.cpuRatioNow)) -> \(cpu(report.cpuRatioThen))",
    ].joined(separator: ", ")
  }

  /// `sources.diskstats: /proc/diskstats is not there`
  static func problem(_ problem: ConfigProblem) -> String {
    "\(problem.key): \(problem.message)".printable
  }

  /// A collector's share of a CPU is a small one: two decimals.
  static func cpu(_ ratio: Double) -> String { ratio.isFinite ? "\(Units.fixed(ratio * 100, 2))%" : "-" }
}
