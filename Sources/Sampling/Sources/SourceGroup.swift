import ProcFS

/// Sources that are one for people: the same subsystem shows them in different folders.
///
/// The group fails as the first of them does, or is unsupported if all are.
struct SourceGroup: Source {
  private var members: [any Source]

  init(_ members: [any Source]) {
    self.members = members
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    var reading = PartialReading()
    for index in members.indices {
      reading.attempt { () throws(KernelError) in
        try members[index].sample(into: &table, reading: &buffer, at: now)
        return true
      }
    }
    try reading.requireEach()
  }

  mutating func forgetSeries() {
    for index in members.indices { members[index].forgetSeries() }
  }

  var lacksRows: Bool { members.contains { $0.lacksRows } }

  mutating func refilter(_ filters: FilterSettings) {
    for index in members.indices { members[index].refilter(filters) }
  }
}
