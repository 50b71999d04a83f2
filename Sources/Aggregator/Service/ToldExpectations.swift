import Selection
import Wire

/// What one watch has been told of the hosts that should come.
struct ToldExpectations {
  private var version: UInt64 = 0
  private var told: Set<String> = []
  private var pending: [HostInfo] = []

  init() {}

  /// The next rows to tell; `nil`: nothing has changed.
  mutating func nextPart(_ fleet: Fleet, _ selector: Selector) -> [HostInfo]? {
    if pending.isEmpty, fleet.expectations.version != version { look(fleet, selector) }
    guard !pending.isEmpty else { return nil }
    var part: [HostInfo] = []
    var bytes = 0
    while bytes < AnswerSize.part, let info = pending.popLast() {
      bytes += info.estimatedBytes
      part.append(info)
    }
    return part
  }

  private mutating func look(_ fleet: Fleet, _ selector: Selector) {
    // Asked first: what changes from here on is looked at the next time.
    version = fleet.expectations.version
    let now = fleet.expected(selectedBy: selector)
    let names = Set(now.map(\.instance))
    // Those that have come are told as themselves besides.
    let over = told.subtracting(names).sorted().map { HostInfo(instance: $0) }
    let new = now.filter { !told.contains($0.instance) }
    told = names
    pending = (new + over).reversed()
  }
}
