import ProcFS
import Wire

/// A file of numbers named by group and field, each of which has series: `/proc/net/snmp` and its like.
struct GroupedValuesSource: Source {
  private let file: KernelFile
  private var values: GroupedValues
  /// The series of a name; none if it has none.
  private let describe: (_ name: String) -> [SeriesDescriptor]
  private var series: NamedSeries

  init(
    path: String, form: GroupedValues.Form, root: ProcRoot, filter: NameFilter? = nil,
    choose: ((FilterSettings) -> NameFilter)? = nil,
    describe: @escaping (_ name: String) -> [SeriesDescriptor]
  ) {
    file = KernelFile(path, of: root, shape: .record)
    values = GroupedValues(path: path, form: form)
    series = NamedSeries(filter: filter, choose: choose)
    self.describe = describe
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try values.parse(try file.read(into: &buffer))
    if series.begin(values.layout) { arrange(in: &table) }
    let numbers = values.values
    for (place, id) in series.shown { table.set(id, numbers[place]) }
  }

  mutating func forgetSeries() {
    series.forget()
  }

  mutating func refilter(_ filters: FilterSettings) {
    series.refilter(filters)
  }

  /// Finds the series of each name.
  private mutating func arrange(in table: inout SampleTable) {
    for (place, name) in values.names.enumerated() where series.keeps(name) {
      for described in describe(name) { series.add(described, at: place, in: &table) }
    }
  }
}
