import ProcFS
import Wire

/// Cgroups of version 2: `node_cgroup_*` of units, containers and pods.
///
/// The hierarchy is listed again, and limits are read, every
/// ``listingNanoseconds``; ``CgroupRoster`` says which cgroups have series. Those are
/// read in every pass; of those that are only summed ``summedPerPass``, in turn, so that a pass has a bound. A cgroup
/// that ends between being listed and being read is passed over.
struct CgroupSource: Source {
  /// How long a listing holds: 10 s.
  static let listingNanoseconds: Int64 = 10_000_000_000
  /// Cgroups without series that are read in a pass.
  static let summedPerPass = 64

  static let shown = Metric.gauge("muster_cgroups", "Cgroups that have series of their own.")
  static let folded = Metric.gauge(
    "muster_cgroups_folded", "Cgroups that are shown together with others, by the reason.", labels: ["reason"]
  )
  static let passedOver = Metric.gauge(
    "muster_cgroups_passed_over",
    "Folders below `/sys/fs/cgroup` that were not looked at: there are too many.")
  static let failed = Metric.gauge(
    "muster_cgroups_failed", "Cgroups of which a file could not be read or understood.")
  static let metrics = CgroupColumns.metrics + [CgroupRow.info, shown, folded, passedOver, failed]

  private let root: ProcRoot
  private var tree: CgroupTree?
  private var roster: CgroupRoster
  private var reader: CgroupReader
  private var listedAt: Int64?
  /// The member whose turn it is among those that are summed.
  private var turn = 0
  private var totals = FixedSeries([shown, passedOver, failed])
  private var reasons = FoldReason.allCases.map { FixedSeries([folded], [$0.rawValue]) }

  init(root: ProcRoot, filters: FilterSettings) {
    self.root = root
    roster = CgroupRoster(filter: filters.cgroups, limit: filters.cgroupsLimit)
    reader = CgroupReader(root: root)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let lists = listedAt.map { now - $0 >= Self.listingNanoseconds } ?? true
    if lists {
      listedAt = nil
      try list(at: now, reading: &buffer)
      listedAt = now
    }
    let failures = readAll(lists ? .everything : .usage, reading: &buffer)
    if let first = failures.first, !roster.members.contains(where: \.isThere) { throw first }
    show(in: &table)
    showCounts(failures.count, in: &table)
  }

  mutating func forgetSeries() {
    roster.forgetSeries()
    totals.forget()
    for index in reasons.indices { reasons[index].forget() }
  }

  /// Those that are gone have taken the rows of those that wait for one.
  var lacksRows: Bool { roster.hasGoneRows && roster.foldedCount(.rows) > 0 }

  mutating func refilter(_ filters: FilterSettings) {
    guard filters.cgroups != roster.filter || filters.cgroupsLimit != roster.limit else { return }
    roster.filter = filters.cgroups
    roster.limit = filters.cgroupsLimit
    roster.chooseAgain()
    listedAt = nil
  }

  private mutating func list(at now: Int64, reading buffer: inout ReadBuffer) throws(KernelError) {
    let found = try CgroupTree(root: root)
    var tree = tree.flatMap { $0.path == found.path ? $0 : nil } ?? found
    let listing = tree.list()
    self.tree = tree
    reader.forgetDevices()
    roster.update(listing, at: now) { path in
      _ = try? reader.read(path, .sums, after: nil, reading: &buffer)
      return reader.values[0] ?? 0
    }
  }

  /// Reads those with series, and some of the others. One error for each of which a file failed.
  private mutating func readAll(
    _ scope: CgroupReader.Scope, reading buffer: inout ReadBuffer
  ) -> [KernelError] {
    var failures: [KernelError] = []
    var summed = 0
    let count = roster.members.count
    let first = count == 0 ? 0 : turn % count
    for offset in 0..<count {
      let index = (first + offset) % count
      switch roster.members[index].place {
      case .undecided, .contained: continue
      case .own: break
      case .pattern, .others:
        guard summed < Self.summedPerPass else { continue }
        summed += 1
        turn = index + 1
      }
      if let failure = read(index, scope, reading: &buffer) { failures.append(failure) }
    }
    return failures
  }

  private mutating func read(
    _ index: Int, _ scope: CgroupReader.Scope, reading buffer: inout ReadBuffer
  ) -> KernelError? {
    let member = roster.members[index]
    do {
      let number = try reader.read(
        member.path, member.isSummed ? .sums : scope, after: (member.values, member.files), reading: &buffer)
      guard let number else {
        roster.members[index].isGone()
        return nil
      }
      roster.take(reader.values, of: number, files: reader.files, at: index)
      return reader.failure
    } catch {
      roster.members[index].isGone()
      return error
    }
  }

  private mutating func show(in table: inout SampleTable) {
    for row in roster.rows.indices where roster.rows[row].isShared { roster.rows[row].clearLevels() }
    for member in roster.members where member.isThere {
      switch member.place {
      case .own(let row): roster.rows[row].show(member.values, in: &table)
      case .pattern(let row): roster.rows[row].addLevels(member.values)
      case .others: roster.rows[CgroupRoster.others].addLevels(member.values)
      case .contained, .undecided: break
      }
    }
    for row in roster.rows.indices where roster.rows[row].isShared { roster.rows[row].showTotals(in: &table) }
  }

  private mutating func showCounts(_ failures: Int, in table: inout SampleTable) {
    if let first = totals.first(in: &table) {
      table.set(first, Int64(roster.shownCount))
      table.set(first + 1, Int64(roster.passedOver))
      table.set(first + 2, Int64(failures))
    }
    for (index, reason) in FoldReason.allCases.enumerated() {
      if let id = reasons[index].first(in: &table) { table.set(id, Int64(roster.foldedCount(reason))) }
    }
  }
}
