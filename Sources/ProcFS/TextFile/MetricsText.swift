/// Metrics as people write them: the text exposition format of Prometheus, version 0.0.4. See
/// https://prometheus.io/docs/instrumenting/exposition_formats/.
///
///     # HELP backup_size_bytes What the last backup takes.
///     # TYPE backup_size_bytes gauge
///     backup_size_bytes{volume="/srv"} 1.2e+09
///
/// A text is taken whole or not at all. Stricter than the format: a series comes once, and samples have no
/// times of their own, since they are read again and again. More lenient: a carriage return is a blank.
public struct MetricsText {
  /// More samples than this are an error.
  public static let maximumSamples = 4096
  /// Longer lines than this are an error: 16 KiB.
  public static let maximumLineBytes = 16 << 10

  /// What a family is said to be; one of which nothing is said is untyped.
  public enum Kind: String, CaseIterable, Sendable {
    case counter, gauge, histogram, summary, untyped
  }

  /// Which number of its family a sample is.
  public enum Part: Hashable, Sendable {
    /// The only one.
    case value
    /// How many observations of a histogram were at most so much; the label `le` is taken out.
    case bucket(Double)
    /// What so large a share of a summary's observations was at most; the label `quantile` is taken out.
    case quantile(Double)
    /// All observations of either, added up, …
    case sum
    /// … and counted.
    case count
  }

  /// One line.
  public struct Sample: Sendable {
    /// As it stands there: with `_bucket`, `_sum` or `_count`.
    public let name: String
    /// In the line's order. One whose value is empty is left out: it is the same as none.
    public let labels: [(name: String, value: String)]
    /// What its family is.
    public let kind: Kind
    /// Which number of it.
    public let part: Part
    /// The number; may be infinite, or none at all.
    public let value: Double
    /// Where it stands, counted from 1.
    public let line: Int
  }

  /// The samples, in the text's order.
  public private(set) var samples: [Sample] = []

  var families = MetricFamilies()
  private var seen: Set<MetricIdentity> = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the samples by those of `text`, which may have none. After an error they are incomplete. `file`
  /// is for errors.
  public mutating func parse(_ text: UnsafeRawBufferPointer, file: String) throws(KernelError) {
    self = MetricsText()
    var rest = text[...]
    var number = 1
    while !rest.isEmpty {
      do throws(MetricsLineError) {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
          throw MetricsLineError("the line has no end: the file is not whole")
        }
        try parseLine(UnsafeRawBufferPointer(rebasing: rest[..<end]), number)
        rest = rest[(end + 1)...]
      } catch {
        throw .malformed(file: file, line: number, reason: error.reason)
      }
      number += 1
    }
    // They are needed no more, and the samples may be kept long.
    families = MetricFamilies()
    seen = []
  }

  private mutating func parseLine(_ text: UnsafeRawBufferPointer, _ number: Int) throws(MetricsLineError) {
    guard text.count <= Self.maximumLineBytes else {
      throw MetricsLineError("the line is longer than \(Self.maximumLineBytes) bytes")
    }
    var line = MetricsLine(text)
    line.skipBlanks()
    if line.isAtEnd { return }
    if line.isComment { return try families.take(line.comment()) }
    let sample = try parseSample(&line, number)
    guard samples.count < Self.maximumSamples else {
      throw MetricsLineError("more than \(Self.maximumSamples) samples")
    }
    guard seen.insert(MetricIdentity(sample)).inserted else {
      throw MetricsLineError("\(sample.name) comes twice with the same labels")
    }
    samples.append(sample)
  }

  private mutating func parseSample(
    _ line: inout MetricsLine, _ number: Int
  ) throws(MetricsLineError) -> Sample {
    let name = try line.metricName()
    var labels = try line.labels()
    let value = try line.value()
    let (kind, part) = try families.place(name, &labels)
    return Sample(
      name: name, labels: labels.filter { !$0.value.isEmpty }, kind: kind, part: part, value: value,
      line: number)
  }
}

/// What is wrong with a line.
struct MetricsLineError: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// What tells one series from another: the order of labels does not matter.
private struct MetricIdentity: Hashable {
  private let name: String
  private let part: MetricsText.Part
  private let labels: [String]

  init(_ sample: MetricsText.Sample) {
    name = sample.name
    part = sample.part
    labels = sample.labels.sorted { $0.name < $1.name }.flatMap { [$0.name, $0.value] }
  }
}
