import Wire

/// The ids of series whose labels are facts that change now and then: a release, a clock source.
struct ChangingSeries {
  /// Series remembered. When there are more, they are forgotten: whoever is at the table already gets its id again.
  static let maximumSeries = 1024

  private var ids: [SeriesDescriptor: Int?] = [:]

  /// The id of a series; nil if the table refused it.
  mutating func id(of series: SeriesDescriptor, in table: inout SampleTable) -> Int? {
    if let known = ids[series] { return known }
    if ids.count >= Self.maximumSeries { ids.removeAll() }
    let id = table.register(series)
    ids.updateValue(id, forKey: series)
    return id
  }

  /// Forgets the ids.
  mutating func forget() {
    ids.removeAll()
  }
}
