import ProcFS

/// Sources that are one for people: the same subsystem shows them in different folders.
///
/// One that fails leaves its own series absent. The group fails as the first of them does, or is unsupported if all
/// are.
struct SourceGroup: Source {
  private var members: [any Source]

  init(_ members: [any Source]) {
    self.members = members
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    var failures: [KernelError] = []
    for index in members.indices {
      do {
        try members[index].sample(into: &table, reading: &buffer, at: now)
      } catch {
        failures.append(error)
      }
    }
    if let failure = failures.first(where: { !$0.isUnsupported }) { throw failure }
    if failures.count == members.count, let failure = failures.first { throw failure }
  }

  mutating func forgetSeries() {
    for index in members.indices { members[index].forgetSeries() }
  }

  mutating func refilter(_ filters: FilterSettings) {
    for index in members.indices { members[index].refilter(filters) }
  }
}

extension KernelError {
  fileprivate var isUnsupported: Bool {
    if case .unsupported = self { return true }
    return false
  }
}
