import Glibc
import ProcFS
import Wire

/// systemd's units, asked of systemd over D-Bus: `node_systemd_*`.
///
/// It is asked every ``restNanoseconds``. A pass only sends; the answer is shown from the pass on that finds it there, and
/// until the next one comes. If none comes nothing is shown.
struct SystemdSource: Source {
  /// 15 s.
  static let restNanoseconds: Int64 = 15_000_000_000
  /// Units that have series, of five each, between two compactions of the table.
  static let maximumRows = 1000

  /// The states that are shown, as node_exporter's.
  static let states = ["active", "activating", "deactivating", "failed", "inactive"]

  private static let unitState = Metric.gauge(
    "node_systemd_unit_state", "Whether a unit is in that state: 1 or 0.", labels: ["name", "state", "type"])
  private static let units = Metric.gauge(
    "node_systemd_units", "Units in memory by state, those left out of `node_systemd_unit_state` included.",
    labels: ["state"])
  private static let running = Metric.gauge(
    "node_systemd_system_running", "Whether the system is `running`: 1; else (starting, degraded, …) 0.")
  private static var version: Metric {
    var metric = Metric.gauge("node_systemd_version", "The version of systemd.", labels: ["version"])
    metric.type = .double
    return metric
  }
  private static let leftOut = Metric.gauge(
    "muster_systemd_units_left_out",
    "Units without `node_systemd_unit_state` for being too many, or named like those that come and go.")

  static let metrics = [unitState, units, running, version, leftOut]

  private let root: ProcRoot
  private let clock: @Sendable () -> Int64
  private var filter: NameFilter
  private var link: SystemdLink
  private var beganAt: Int64?
  private var answer: SystemdConversation.Answer?
  private var failure: KernelError?
  /// What the answer comes to; nil if that is not known yet.
  private var shown: [(id: Int, value: Int64)]?

  /// The first id of each unit's series, by name and type; nil if it has none.
  private var rows: [String: Int?] = [:]
  /// Whether a unit of the answer found no room among them.
  private var isLeftOut = false
  private var totals = states.map { FixedSeries([units], [$0]) }
  private var system = FixedSeries([running, leftOut])
  private var versions: [String: FixedSeries] = [:]

  init(root: ProcRoot, units filter: NameFilter, clock: @escaping @Sendable () -> Int64) {
    self.root = root
    self.clock = clock
    self.filter = filter
    link = Self.link(root, filter)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    receive(at: now)
    if beganAt.map({ now - $0 >= Self.restNanoseconds }) ?? true, !link.isWaiting {
      beganAt = now
      do { try link.ask(at: now) } catch { fail(error) }
    }
    if let failure { throw failure }
    guard let answer else { return }
    let values = shown ?? values(of: answer, in: &table)
    shown = values
    for (id, value) in values { table.set(id, value) }
  }

  mutating func awaitAnswers(nanoseconds: Int64) {
    let deadline = clock() + nanoseconds
    var now = clock()
    while link.isWaiting, now < deadline {
      link.wait(nanoseconds: deadline - now)
      receive(at: now)
      now = clock()
    }
  }

  /// Units that are gone have taken the rows of others.
  var lacksRows: Bool { rows.count >= Self.maximumRows && isLeftOut }

  mutating func forgetSeries() {
    rows.removeAll()
    for index in totals.indices { totals[index].forget() }
    system.forget()
    versions.removeAll()
    shown = nil
  }

  mutating func refilter(_ filters: FilterSettings) {
    guard filters.systemdUnits != filter else { return }
    filter = filters.systemdUnits
    link = Self.link(root, filter)
    (beganAt, answer, shown) = (nil, nil, nil)
  }

  private static func link(_ root: ProcRoot, _ filter: NameFilter) -> SystemdLink {
    SystemdLink(root: root, isRoot: geteuid() == 0) { isShown($0, filter) }
  }

  /// As in node_exporter, units that are only mentioned by others, or masked, are not.
  private static func isShown(_ unit: SystemdConversation.Unit, _ filter: NameFilter) -> Bool {
    unit.loadState == "loaded" && filter.keeps(unit.name) && UnitName.pattern(ofShortLived: unit.name) == nil
  }

  private mutating func receive(at now: Int64) {
    do {
      guard let answer = try link.receive(at: now) else { return }
      self.answer = answer
      (shown, failure) = (nil, nil)
    } catch {
      fail(error)
    }
  }

  /// Shows nothing until systemd answers again.
  private mutating func fail(_ error: KernelError) {
    link.hangUp()
    answer = nil
    failure = error
  }

  /// The series of an answer, and their values.
  private mutating func values(
    of answer: SystemdConversation.Answer, in table: inout SampleTable
  ) -> [(id: Int, value: Int64)] {
    var values: [(id: Int, value: Int64)] = []
    var counts = [Int64](repeating: 0, count: Self.states.count)
    var leftOut: Int64 = 0
    isLeftOut = false
    for unit in answer.units {
      if let state = Self.states.firstIndex(of: unit.activeState) { counts[state] += 1 }
      guard unit.loadState == "loaded", filter.keeps(unit.name) else { continue }
      if !add(unit, answer.types[unit.name], to: &values, in: &table) { leftOut += 1 }
    }
    for (index, count) in counts.enumerated() {
      if let id = totals[index].first(in: &table) { values.append((id, count)) }
    }
    if let first = system.first(in: &table) {
      values += [(first, answer.systemState == "running" ? 1 : 0), (first + 1, leftOut)]
    }
    let words = answer.version
    if let number = Self.number(in: words),
      let id = versions[words, default: FixedSeries([Self.version], [words])].first(in: &table)
    {
      values.append((id, Int64(bitPattern: number.bitPattern)))
    }
    return values
  }

  /// False if the unit has no series.
  private mutating func add(
    _ unit: SystemdConversation.Unit, _ serviceType: String?, to values: inout [(id: Int, value: Int64)],
    in table: inout SampleTable
  ) -> Bool {
    guard Self.isShown(unit, filter) else { return false }
    // One whose type could not be told is gone by now.
    guard let type = unit.name.hasSuffix(".service") ? serviceType : "" else { return true }
    guard let first = row(unit.name, type, in: &table) else { return false }
    for (index, state) in Self.states.enumerated() {
      values.append((first + index, state == unit.activeState ? 1 : 0))
    }
    return true
  }

  private mutating func row(_ name: String, _ type: String, in table: inout SampleTable) -> Int? {
    let key = name + "\n" + type
    if let known = rows[key] { return known }
    guard rows.count < Self.maximumRows else {
      isLeftOut = true
      return nil
    }
    var first: Int?
    for (index, state) in Self.states.enumerated() {
      let id = table.register(Self.unitState.series(name, state, type))
      if index == 0 { first = id }
      if id == nil { first = nil }
    }
    rows[key] = .some(first)
    return first
  }

  /// `252.31` in `252.31-1~deb12u1`: digits, three at least, and a fraction.
  static func number(in version: String) -> Double? {
    guard let start = version.firstIndex(where: \.isASCIIDigit) else { return nil }
    let whole = version[start...].prefix(while: \.isASCIIDigit)
    guard whole.count >= 3 else { return nil }
    let rest = version[whole.endIndex...]
    let fraction = rest.first == "." ? rest.dropFirst().prefix(while: \.isASCIIDigit) : ""
    return Double(fraction.isEmpty ? String(whole) : "\(whole).\(fraction)")
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
