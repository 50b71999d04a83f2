public import Wire

/// A metric as the code declares it, once: its series are made of this, and docs/METRICS.md is written from it.
///
/// A name may have parts in angle brackets, which stand for what a kernel file says: `node_netstat_<group>_<field>`.
public struct Metric: Sendable {
  /// The name, in node_exporter's words where that has one.
  public let name: String
  /// Counter, gauge, or unknown.
  public let kind: MetricKind
  /// What it is, for people: one sentence, Markdown.
  public let help: String
  /// The names of its labels, without those of the host.
  public let labels: [String]
  /// Integer or double.
  public var type = ValueType.integer
  /// Raw integers are multiplied by this …
  public var multiplier: UInt32 = 1
  /// … and divided by this.
  public var divisor: UInt32 = 1

  /// What only grows.
  public static func counter(
    _ name: String, _ help: String, labels: [String] = [], multiplier: UInt32 = 1, divisor: UInt32 = 1
  ) -> Metric {
    Metric(name: name, kind: .counter, help: help, labels: labels, multiplier: multiplier, divisor: divisor)
  }

  /// What goes up and down.
  public static func gauge(
    _ name: String, _ help: String, labels: [String] = [], multiplier: UInt32 = 1, divisor: UInt32 = 1
  ) -> Metric {
    Metric(name: name, kind: .gauge, help: help, labels: labels, multiplier: multiplier, divisor: divisor)
  }

  /// What the kernel does not say enough about.
  public static func untyped(
    _ name: String, _ help: String, labels: [String] = [], multiplier: UInt32 = 1, divisor: UInt32 = 1
  ) -> Metric {
    Metric(name: name, kind: .untyped, help: help, labels: labels, multiplier: multiplier, divisor: divisor)
  }

  /// Its series for these values of its labels, in the order of ``labels``.
  public func series(_ values: String...) -> SeriesDescriptor { series(named: name, values) }

  /// The same with the parts in angle brackets filled in.
  public func series(named name: String, _ values: [String] = []) -> SeriesDescriptor {
    precondition(values.count == labels.count, "a value for each label")
    return SeriesDescriptor(
      name, labels: zip(labels, values).map { Label($0, $1) }, kind: kind, type: type, unit: unit,
      multiplier: multiplier, divisor: divisor)
  }

  /// The base unit: Prometheus wants it at the end of the name.
  public var unit: String {
    let words = name.split(separator: "_")
    let last = words.last == "total" ? words.dropLast().last : words.last
    return last.map(String.init).flatMap { Self.units.contains($0) ? $0 : nil } ?? ""
  }

  private static let units: Set<String> = [
    "amperes", "bits", "bytes", "celsius", "hertz", "joules", "ratio", "rpm", "seconds", "volts", "watts",
  ]
}
