import ProcFS
import Wire

/// The traffic of interfaces that are not shown each, summed per group.
///
/// What a member has counted since it was last seen is added to its group's sum; so a sum keeps what members counted
/// that are gone, and never steps back. A member that is new has counted all it shows in the group's time. One whose
/// counter steps back has started anew.
struct InterfaceGroupSums {
  /// What tells one interface from the next.
  enum Identity: Hashable {
    /// The kernel's number, which a link keeps when it is renamed.
    case index(Int32)
    /// The name, where the number is not known.
    case name(String)
  }

  static let membersMetric = Metric.gauge(
    "node_network_folded_devices", "How many interfaces this device stands for.", labels: ["device"])

  private struct Member {
    var last: InterfaceValues
    var pass: UInt64
  }

  private struct Sum {
    var values = InterfaceValues(repeating: 0)
    var members: Int64 = 0
    var hadMembers = false
    var series: (first: Int, members: Int)?
    var isRefused = false
  }

  private var members: [Identity: Member] = [:]
  private var sums = InterfaceGroup.allCases.map { _ in Sum() }
  private var pass: UInt64 = 0
  private var seen = 0

  /// Takes in what a member shows in this pass.
  mutating func add(_ identity: Identity, to group: InterfaceGroup, _ values: InterfaceValues) {
    let none = Member(last: InterfaceValues(repeating: 0), pass: pass &- 1)
    var isRepeated = false
    var last = none.last
    withUnsafeMutablePointer(to: &members[identity, default: none]) { member in
      isRepeated = member.pointee.pass == pass
      last = member.pointee.last
      member.pointee = Member(last: values, pass: pass)
    }
    for column in values.indices {
      let (now, before) = (values[column], last[column])
      sums[group.rawValue].values[column] &+= now >= before ? now &- before : now
    }
    guard !isRepeated else { return }
    seen += 1
    sums[group.rawValue].members += 1
    sums[group.rawValue].hadMembers = true
  }

  /// Ends a pass: forgets members that were not in it, and shows the first `columns` sums of each group that ever
  /// had members.
  mutating func show(columns: Int, in table: inout SampleTable) {
    if members.count > seen { members = members.filter { $0.value.pass == pass } }
    for group in InterfaceGroup.allCases where sums[group.rawValue].hadMembers {
      register(group, columns: columns, in: &table)
      if let (first, members) = sums[group.rawValue].series {
        for column in 0..<columns { table.set(first + column, sums[group.rawValue].values[column]) }
        table.set(members, sums[group.rawValue].members)
      }
      sums[group.rawValue].members = 0
    }
    seen = 0
    pass &+= 1
  }

  /// Forgets ids; the sums stay.
  mutating func forgetSeries() {
    for group in sums.indices {
      sums[group].series = nil
      sums[group].isRefused = false
    }
  }

  private mutating func register(_ group: InterfaceGroup, columns: Int, in table: inout SampleTable) {
    guard sums[group.rawValue].series == nil, !sums[group.rawValue].isRefused else { return }
    let metrics = Array(InterfaceSeries.metrics.prefix(columns))
    if let first = table.register(metrics, group.pattern),
      let members = table.register(Self.membersMetric.series(group.pattern))
    {
      sums[group.rawValue].series = (first, members)
    } else {
      sums[group.rawValue].isRefused = true
    }
  }
}
