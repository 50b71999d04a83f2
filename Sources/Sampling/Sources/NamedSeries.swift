import Wire

/// Which numbers of a file have series, where the kernel names its numbers and the names differ from kernel to
/// kernel. They are looked at again only when the file's layout, or the filter of names, has changed.
struct NamedSeries {
  /// Of the names, which are kept, and which of the settings' filters says so; nil: all are.
  private var filter: NameFilter?
  private let choose: ((FilterSettings) -> NameFilter)?

  /// The numbers that have series, by their place in the file.
  private(set) var shown: [(place: Int, id: Int)] = []
  private var layout: Int?
  /// Ids by the metric's name; nil if the table refused it.
  private var ids: [String: Int?] = [:]

  init(filter: NameFilter? = nil, choose: ((FilterSettings) -> NameFilter)? = nil) {
    self.filter = filter
    self.choose = choose
  }

  /// Whether the number of a name has series.
  func keeps(_ name: String) -> Bool { filter?.keeps(name) ?? true }

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
    self = NamedSeries(filter: filter, choose: choose)
  }

  /// Takes other filters. One that concerns these names makes it forget the ids.
  mutating func refilter(_ filters: FilterSettings) {
    guard let chosen = choose?(filters), chosen != filter else { return }
    filter = chosen
    forget()
  }
}
