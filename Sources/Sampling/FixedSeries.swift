import Wire

/// The series of a source that always has the same ones: registered when the first values come.
struct FixedSeries {
  private let series: [SeriesDescriptor]
  private let labels: [Label]
  private var first: Int?
  private var isRefused = false

  /// Series that differ in name only, with these values of the labels that all of them have.
  init(_ metrics: [Metric], _ values: [String] = []) {
    series = metrics.map { $0.series(named: $0.name, values) }
    labels = series.first?.labels ?? []
  }

  /// The id of the first one, the others following; nil if the table refused them.
  mutating func first(in table: inout SampleTable) -> Int? {
    if first == nil, !isRefused {
      first = table.register(series, labels: labels)
      isRefused = first == nil
    }
    return first
  }

  /// Makes them absent.
  func withdraw(from table: inout SampleTable) {
    guard let first else { return }
    for id in first..<first + series.count { table.withdraw(id) }
  }

  /// Forgets the ids.
  mutating func forget() {
    first = nil
    isRefused = false
  }
}
