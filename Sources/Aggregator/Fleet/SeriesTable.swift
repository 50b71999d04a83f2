import Wire

/// The series of one host: a dense index for each, kept across streams and epochs.
///
/// A series is its whole description: name, labels in whatever order they came, and how raw values are read. One that
/// is described otherwise (another divisor, as after an upgrade) takes a new index, since what is stored under the old
/// one means something else; should the old description come back, so does its index.
struct SeriesTable {
  private var indexes: [ObjectIdentifier: Int32] = [:]
  private var shared: [SharedSeries] = []
  private let limit: Int

  init(limit: Int) {
    self.limit = min(limit, Int(Int32.max))
  }

  /// How many there are, those that are gone too.
  var count: Int { shared.count }

  /// All of them, by index.
  var series: [SeriesDescriptor] { shared.map(\.descriptor) }

  /// The series of an index.
  subscript(index: Int) -> SeriesDescriptor { shared[index].descriptor }

  /// The index of a series, registered if it is new; `nil`: the table is full.
  mutating func index(of series: SharedSeries) -> (index: Int, isNew: Bool)? {
    if let index = indexes[ObjectIdentifier(series)] { return (Int(index), false) }
    guard shared.count < limit else { return nil }
    indexes[ObjectIdentifier(series)] = Int32(truncatingIfNeeded: shared.count)
    shared.append(series)
    return (shared.count - 1, true)
  }
}
