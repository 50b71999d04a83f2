import Wire

/// Which numbers of a file have series, where the kernel names its numbers and the names differ from kernel to
/// kernel. They are looked at again only when the file's layout has changed.
struct NamedSeries {
  /// The numbers that have series, by their place in the file.
  private(set) var shown: [(place: Int, id: Int)] = []
  private var layout: Int?
  /// Ids by the metric's name; nil if the table refused it.
  private var ids: [String: Int?] = [:]

  /// True if the file has another layout now: then every number is to be added.
  mutating func begin(_ layout: Int) -> Bool {
    guard layout != self.layout else { return false }
    self.layout = layout
    shown.removeAll()
    return true
  }

  /// Registers a series of the number at a place.
  mutating func add(_ series: SeriesDescriptor, at place: Int, in table: inout SampleTable) {
    if ids[series.name] == nil { ids.updateValue(table.register(series), forKey: series.name) }
    if let id = ids[series.name] ?? nil { shown.append((place, id)) }
  }

  /// Forgets the ids.
  mutating func forget() {
    self = NamedSeries()
  }
}
