import Wire

/// The series of one host: a dense index for each, kept across streams and epochs.
///
/// A series is its name and its labels, in whatever order these came. A series whose raw values change their meaning
/// (another type or divisor, as after an upgrade) takes a new index, since what is stored under the old one
/// means something else.
struct SeriesTable {
  private struct Key: Hashable {
    let name: String
    let labels: [Label]
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
    let labels = descriptor.labels.sorted { $0.name < $1.name }
    let key = Key(name: descriptor.name, labels: labels)
    if let index = indexes[key], series[index].hasSameMeaning(as: descriptor) { return (index, false) }
    guard series.count < limit else { return nil }
    var sorted = descriptor
    sorted.labels = labels
    let shared = pool.shared(sorted)
    series.append(shared)
    indexes[Key(name: shared.name, labels: shared.labels)] = series.count - 1
    return (series.count - 1, true)
  }
}

extension SeriesDescriptor {
  /// Whether a raw value stands for the same figure in both.
  fileprivate func hasSameMeaning(as other: SeriesDescriptor) -> Bool {
    type == other.type && max(1, multiplier) == max(1, other.multiplier)
      && max(1, divisor) == max(1, other.divisor)
  }
}
