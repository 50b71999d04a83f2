import ProcFS

/// Which cgroups are watched, and which of them have series of their own.
///
/// A series is given back only when the table is compacted, and cgroups come and go: so one that appears while the
/// collector runs first lives ``settlingNanoseconds`` among the others (`(other)`), those named by number share the row
/// of their pattern, at most `limit` have series at a time, and at most `rowsPerLimit` times as many between two
/// compactions. What has none is counted with the others: nothing is lost.
struct CgroupRoster {
  /// How long a cgroup lives before it has series of its own: 30 s.
  static let settlingNanoseconds: Int64 = 30_000_000_000
  /// Rows that are made between two compactions, as a multiple of the limit.
  static let rowsPerLimit = 2
  /// The name of all that have no series.
  static let othersName = "(other)"
  /// The row of the others.
  static let others = 0

  /// In the listing's order: each behind what it lies in.
  var members: [CgroupMember] = []
  /// The first is that of the others.
  var rows = [CgroupRow(labels: [othersName, othersName, othersName], of: nil)]
  /// Folders that were not looked at, because there are too many.
  private(set) var passedOver = 0
  var filter: NameFilter
  var limit: Int

  private var rowByPath: [String: Int] = [:]
  /// By row: the folder of the cgroup whose series it is.
  private var owners: [Int: String] = [:]
  private var hasListed = false

  init(filter: NameFilter, limit: Int) {
    self.filter = filter
    self.limit = limit
  }

  /// Compares with what there is now. `measure` asks for the CPU time of one, if there are more than can have series.
  mutating func update(
    _ listing: (groups: [CgroupTree.Group], passedOver: Int), at now: Int64,
    measure: (_ path: String) -> Int64
  ) {
    passedOver = listing.passedOver
    let known = Dictionary(uniqueKeysWithValues: members.map { ($0.path, $0) })
    var parents: [Int?] = []
    var places: [Int?] = []
    members.removeAll(keepingCapacity: true)
    for group in listing.groups {
      // What is around one that is left out is around it, too.
      let parent = group.parent.flatMap { places[$0] }
      guard filter.keeps(group.identity.path) else {
        places.append(parent)
        continue
      }
      places.append(members.count)
      parents.append(parent)
      members.append(
        known[group.path]
          ?? CgroupMember(path: group.path, identity: group.identity, seenAt: hasListed ? now : nil))
    }
    hasListed = true
    assign(at: now, measure)
    contain(parents)
  }

  /// Forgets the ids of series, and the rows of cgroups that are gone: the table was compacted. A cgroup that has series
  /// keeps them. The row of a pattern goes when nothing was of it for two compactions: those that come and go are away
  /// for a while.
  mutating func forgetSeries() {
    var isUsed = [Bool](repeating: false, count: rows.count)
    isUsed[Self.others] = true
    for member in members {
      if let row = member.row { isUsed[row] = true }
    }
    var kept: [CgroupRow] = []
    var newRows = [Int?](repeating: nil, count: rows.count)
    for row in rows.indices where isUsed[row] || rows[row].isShared && !rows[row].wasUnused {
      newRows[row] = kept.count
      kept.append(rows[row])
      kept[kept.count - 1].wasUnused = !isUsed[row]
      kept[kept.count - 1].forgetSeries()
    }
    rows = kept
    rowByPath = rowByPath.compactMapValues { newRows[$0] }
    owners = Dictionary(
      uniqueKeysWithValues: owners.compactMap { row, path in newRows[row].map { ($0, path) } })
    for index in members.indices { members[index].renumberRow { newRows[$0] } }
  }

  /// Whether there are rows of cgroups that are gone.
  var hasGoneRows: Bool { rows.count - 1 > Set(members.compactMap(\.row)).subtracting([Self.others]).count }

  /// Forgets which have series: there is another limit. Sums stay as they are.
  mutating func chooseAgain() {
    rows.removeAll { !$0.isShared }
    rowByPath.removeAll()
    for index in rows.indices {
      rows[index].forgetSeries()
      if index != Self.others { rowByPath[rows[index].labels[0]] = index }
    }
    for index in members.indices { members[index].move(to: .undecided) }
  }

  /// Takes in a reading of a member.
  mutating func take(_ values: CgroupValues, of number: UInt64, files: UInt32, at index: Int) {
    let earlier = members[index].take(values, of: number, files: files)
    switch members[index].place {
    case .pattern(let row): rows[row].count(members[index].values, since: earlier)
    case .others: rows[Self.others].count(members[index].values, since: earlier)
    case .own, .contained, .undecided: break
    }
  }

  /// How many have series of their own.
  var shownCount: Int { owners.count }

  /// How many have none, for this reason.
  func foldedCount(_ reason: FoldReason) -> Int {
    members.count { member in
      switch member.place {
      case .others(let why), .contained(let why): why == reason
      case .pattern: reason == .pattern
      case .undecided, .own: false
      }
    }
  }

  private mutating func assign(at now: Int64, _ measure: (String) -> Int64) {
    owners.removeAll(keepingCapacity: true)
    for member in members {
      if case .own(let row) = member.place { owners[row] = member.path }
    }
    var candidates: [Int] = []
    for index in members.indices {
      switch members[index].place {
      case .own, .pattern: break
      case .undecided, .others, .contained:
        if let place = place(of: members[index], at: now) {
          members[index].move(to: place)
        } else {
          candidates.append(index)
        }
      }
    }
    admit(candidates, measure)
  }

  /// The place that is plain; nil for one that is to have new series if there is room.
  private mutating func place(of member: CgroupMember, at now: Int64) -> CgroupMember.Place? {
    if let pattern = pattern(of: member.identity) { return patternPlace(pattern) }
    if let row = rowByPath[label(of: member)], owners.count < limit {
      if rows[row].isShared { return .pattern(row: row) }
      // It had series before.
      owners[row] = member.path
      return .own(row: row)
    }
    if let seenAt = member.seenAt, now - seenAt < Self.settlingNanoseconds { return .others(.young) }
    return nil
  }

  /// Gives series to those there is room for: if not for all, to those that have used the CPU most.
  private mutating func admit(_ candidates: [Int], _ measure: (String) -> Int64) {
    let free = max(0, limit - owners.count)
    let unused = max(0, limit * Self.rowsPerLimit - (rows.count - 1))
    let room = min(free, unused)
    var chosen = candidates
    if candidates.count > room {
      for index in candidates { members[index].move(to: .others(free <= unused ? .limit : .rows)) }
      let used = room == 0 ? [] : candidates.map { members[$0].values[0] ?? measure(members[$0].path) }
      chosen = zip(used, candidates).sorted { $0.0 > $1.0 }.prefix(room).map(\.1).sorted()
    }
    for index in chosen {
      let identity = members[index].identity
      let row = addRow([label(of: members[index]), identity.kind.rawValue, identity.name], of: identity)
      owners[row] = members[index].path
      members[index].move(to: .own(row: row))
    }
  }

  /// Of one inside another that both go to the others, only the outer is added.
  private mutating func contain(_ parents: [Int?]) {
    var isInOthers = [Bool](repeating: false, count: members.count)
    for index in members.indices {
      let isContained = parents[index].map { isInOthers[$0] } ?? false
      if case .others(let reason) = members[index].place {
        if isContained { members[index].move(to: .contained(reason)) }
        isInOthers[index] = true
      } else {
        isInOthers[index] = isContained
      }
    }
  }

  /// The path that shows it: the readable one, unless another cgroup has that already.
  private func label(of member: CgroupMember) -> String {
    let path = member.identity.path
    guard let row = rowByPath[path], let owner = owners[row], owner != member.path else { return path }
    return member.path
  }

  private func pattern(of identity: CgroupIdentity) -> [String]? {
    guard identity.kind == .scope || identity.kind == .service,
      let name = UnitName.pattern(ofShortLived: identity.name)
    else { return nil }
    let above = identity.path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
    return [above + "/" + name, identity.kind.rawValue, name]
  }

  private mutating func patternPlace(_ labels: [String]) -> CgroupMember.Place {
    if let row = rowByPath[labels[0]] { return .pattern(row: row) }
    guard rows.count <= limit * Self.rowsPerLimit else { return .others(.rows) }
    return .pattern(row: addRow(labels, of: nil))
  }

  /// A row of one cgroup, or of several.
  private mutating func addRow(_ labels: [String], of identity: CgroupIdentity?) -> Int {
    rowByPath[labels[0]] = rows.count
    rows.append(CgroupRow(labels: labels, of: identity))
    return rows.count - 1
  }
}
