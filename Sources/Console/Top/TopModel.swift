import Wire

/// What `muster top` knows and where the operator stands in it. Pure: keys and updates in, effects
/// out; `TopView` draws it.
struct TopModel {
  /// What is on the screen.
  enum Screen: Equatable, Sendable {
    case fleet
    case host(id: String)
    case help
  }

  /// How the stream from the aggregator stands.
  enum Connection: Equatable, Sendable {
    case connecting
    case live
    /// Lost, with the reason; what is shown is what was last known.
    case lost(String)
  }

  /// What a key press asks of the program.
  enum Effect: Equatable, Sendable {
    case quit
    case openHost(id: String)
    case closeHost
  }

  /// The longest filter that can be typed.
  static let filterLimit = 64

  private(set) var screen = Screen.fleet
  private(set) var connection = Connection.connecting
  private(set) var sortKey = SortKey.cpu
  private(set) var isDescending = true
  private(set) var filter = ""
  private(set) var isEditingFilter = false
  private(set) var selectedID: String?
  /// Until the operator moves the cursor it stays on the first row, whoever that is.
  private var hasMoved = false
  private(set) var detail: HostDetail?
  /// Rows scrolled off the top of the host view.
  private(set) var detailScroll = 0
  private var hosts: [String: HostInfo] = [:]
  /// The aggregator's clock minus ours, microseconds, so that ages are right on a laptop whose
  /// clock is not.
  private(set) var clockOffset: Int64 = 0

  /// An empty fleet, not yet connected.
  init() {}

  /// How many hosts there are, shown or not.
  var hostCount: Int { hosts.count }

  /// How many hosts are in a state.
  func count(_ state: HostState) -> Int { hosts.values.count { $0.state == state } }

  /// The host that is open or under the cursor.
  func host(_ id: String) -> HostInfo? { hosts[id] }

  /// The hosts that pass the filter, in the order chosen; equals are ordered by name, so that rows
  /// do not dance.
  var visibleHosts: [HostInfo] {
    let wanted = filter.lowercased()
    let shown = hosts.values.filter { wanted.isEmpty || $0.matches(wanted) }
    return shown.sorted { a, b in
      let order = a.compare(b, by: sortKey)
      if order != 0 { return isDescending ? order > 0 : order < 0 }
      return (a.instance, a.key) < (b.instance, b.key)
    }
  }

  // MARK: Updates

  /// Takes what the aggregator sent; `now` is our clock, microseconds since 1970.
  mutating func apply(_ update: HostsUpdate, now: Int64) {
    if connection != .live {
      // A new stream lists the fleet afresh: who left meanwhile is not in it.
      hosts = [:]
      connection = .live
    }
    if update.serverTimeMicroseconds > 0 { clockOffset = update.serverTimeMicroseconds - now }
    for host in update.hosts { apply(host) }
    if !hasMoved {
      selectedID = visibleHosts.first?.key
    } else if let selectedID, hosts[selectedID] == nil {
      keepSelectionVisible()
    }
  }

  private mutating func apply(_ host: HostInfo) {
    if host.hostID.isEmpty, host.state != .expected {
      // No longer expected.
      hosts[host.key] = nil
    } else {
      hosts[host.key] = host
      // Who was expected has come.
      if !host.hostID.isEmpty { hosts[HostInfo.expectedKey(host.instance)] = nil }
    }
  }

  /// The stream ended; what was known stays on the screen.
  mutating func disconnect(_ reason: String) { connection = .lost(reason) }

  /// The open host's tail begins afresh: its series will be described again.
  mutating func restartDetail(_ hostID: String) {
    guard let open = detail, open.hostID == hostID else { return }
    detail = HostDetail(
      hostID: hostID, instance: open.instance, intervalMilliseconds: open.intervalBefore)
  }

  /// Takes a part of the open host's tail.
  mutating func apply(_ update: TailUpdate) { detail?.apply(update) }

  /// Takes what uses most on the open host.
  mutating func apply(_ processes: HostProcesses) { detail?.apply(processes) }

  // MARK: Keys

  /// Takes a key press; `page` is how many rows of hosts fit on the screen.
  mutating func press(_ key: Key, page: Int) -> Effect? {
    if key == .interrupt { return .quit }
    if isEditingFilter {
      editFilter(key)
      return nil
    }
    switch screen {
    case .fleet: return pressInFleet(key, page: max(page, 1))
    case .host: return pressInHost(key, page: max(page, 1))
    case .help:
      screen = detail.map { .host(id: $0.hostID) } ?? .fleet
      return key == .character("q") ? .quit : nil
    }
  }

  private mutating func pressInFleet(_ key: Key, page: Int) -> Effect? {
    switch key {
    case .character("q"): return .quit
    case .character("?"), .character("h"): screen = .help
    case .character("/"): isEditingFilter = true
    case .character("r"): isDescending.toggle()
    case .character("s"), .right: cycleSort(by: 1)
    case .character("S"), .left: cycleSort(by: -1)
    case .character("c"): sort(by: .cpu)
    case .character("m"): sort(by: .memory)
    case .character("l"): sort(by: .load)
    case .character("d"): sort(by: .disk)
    case .character("n"): sort(by: .network)
    case .character("p"): sort(by: .pressure)
    case .character("a"): sort(by: .age)
    case .escape: filter = ""
    case .up, .character("k"): move(-1)
    case .down, .character("j"): move(1)
    case .pageUp: move(-page)
    case .pageDown: move(page)
    case .home, .character("g"): move(Int.min / 2)
    case .end, .character("G"): move(Int.max / 2)
    case .enter:
      // Of a host that never came there is nothing to open.
      guard let id = selectedID, let host = hosts[id], !host.hostID.isEmpty else { return nil }
      screen = .host(id: id)
      hasMoved = true
      detail = HostDetail(
        hostID: id, instance: host.instance, intervalMilliseconds: host.intervalMilliseconds)
      detailScroll = 0
      return .openHost(id: id)
    default: break
    }
    return nil
  }

  private mutating func pressInHost(_ key: Key, page: Int) -> Effect? {
    switch key {
    case .escape, .backspace, .left, .character("b"):
      screen = .fleet
      detail = nil
      return .closeHost
    case .character("q"): return .quit
    case .character("?"), .character("h"): screen = .help
    case .up, .character("k"): detailScroll = max(0, detailScroll - 1)
    case .down, .character("j"): detailScroll += 1
    case .pageUp: detailScroll = max(0, detailScroll - page)
    case .pageDown: detailScroll += page
    case .home: detailScroll = 0
    default: break
    }
    return nil
  }

  private mutating func editFilter(_ key: Key) {
    switch key {
    case .enter: isEditingFilter = false
    case .escape:
      filter = ""
      isEditingFilter = false
    case .backspace: if !filter.isEmpty { filter.removeLast() }
    case .character(let character) where filter.count < Self.filterLimit: filter.append(character)
    default: break
    }
    keepSelectionVisible()
  }

  /// The view knows how long the host's page is; it says so after drawing.
  mutating func limitDetailScroll(to rows: Int) { detailScroll = min(detailScroll, max(0, rows)) }

  // MARK: Order and cursor

  private mutating func sort(by key: SortKey) {
    if sortKey == key {
      isDescending.toggle()
    } else {
      sortKey = key
      isDescending = key.startsDescending
    }
  }

  private mutating func cycleSort(by step: Int) {
    let keys = SortKey.allCases
    let position = keys.firstIndex(of: sortKey) ?? 0
    sortKey = keys[(position + step + keys.count) % keys.count]
    isDescending = sortKey.startsDescending
  }

  private mutating func move(_ rows: Int) {
    let shown = visibleHosts
    guard !shown.isEmpty else { return }
    hasMoved = true
    let position = shown.firstIndex { $0.key == selectedID } ?? 0
    selectedID = shown[min(max(position + rows, 0), shown.count - 1)].key
  }

  private mutating func keepSelectionVisible() {
    let shown = visibleHosts
    if !shown.contains(where: { $0.key == selectedID }) { selectedID = shown.first?.key }
  }
}
