import Glibc

/// The figures of one run: one JSON object.
public struct Report {
  private var fields: [String] = []

  /// No figures yet.
  public init() {}

  /// Adds a count.
  public mutating func add(_ name: String, _ value: Int) { fields.append("\"\(name)\": \(value)") }
  /// Adds a measure.
  public mutating func add(_ name: String, _ value: Double) { fields.append("\"\(name)\": \(value)") }

  /// Adds the median and the 99th percentile.
  public mutating func add(latencies: [Duration], as prefix: String = "") {
    let sorted = latencies.sorted()
    func quantile(_ part: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * part)] / .microseconds(1)
    }
    add(prefix + "p50_us", quantile(0.5))
    add(prefix + "p99_us", quantile(0.99))
  }

  /// Writes the object as one line, at once: a reader may wait for it while the program goes on.
  public func print() {
    let line = "{\(fields.joined(separator: ", "))}\n"
    _ = line.utf8.withContiguousStorageIfAvailable { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
