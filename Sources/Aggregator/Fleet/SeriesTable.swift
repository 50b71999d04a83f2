import Wire

/// The series of one host: a dense index for each, kept across streams and epochs.
///
/// A series is its name and its labels, in whatever order these came. A series whose raw values change their meaning
/// (another type or divisor, as after an upgrade) takes a new index, since what is stored under the old one
/// means something else; should the old meaning come back, so does its index.
struct SeriesTable {
  private struct Key: Hashable {
    let name: String
    let labels: [Label]
    let type: ValueType
    let multiplier: UInt32
    let divisor: UInt32

    /// The labels must be sorted. 0 stands for 1 in multiplier and divisor.
    init(_ series: SeriesDescriptor) {
      name = series.name
      labels = series.labels
      type = series.type
      multiplier = max(1, series.multiplier)
      divisor = max(1, series.divisor)
    }
  }

  private var indexes: [Key: Int] = [:]
  /// By index.
  private(set) var series: [SeriesDescriptor] = []
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// The index of a series, registered if it is new; `nil`: the table is full.
  mutating func index(of descriptor: SeriesDescriptor, pool: DescriptorPool) -> (index: Int, isNew: Bool)? {
    var sorted = descriptor
    sorted.labels.sort { $0.name < $1.name }
    if let index = indexes[Key(sorted)] { return (index, false) }
    guard series.count < limit else { return nil }
    let shared = pool.shared(sorted)
    series.append(shared)
    indexes[Key(shared)] = series.count - 1
    return (series.count - 1, true)
  }
}
