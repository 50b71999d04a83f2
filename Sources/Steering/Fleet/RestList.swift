import GRPC

/// Hosts that rest: one that rolled a config back is not offered it again for a while, so that a config that cuts
/// hosts off does so rarely, and whoever goes back at once is not asked in a loop.
struct RestList: Sendable {
  /// How long a host rests.
  static let duration: Duration = .seconds(30)

  /// Who rests until when, the first to wake first: all rest equally long.
  private var queue: [(due: Instant, hostID: String)] = []
  private var members: Set<String> = []

  /// When the next host wakes; nil: none rests.
  var nextDue: Instant? { queue.first?.due }

  func contains(_ hostID: String) -> Bool { members.contains(hostID) }

  mutating func add(_ hostID: String, at now: Instant) {
    guard members.insert(hostID).inserted else { return }
    queue.append((now + Self.duration, hostID))
  }

  /// Hosts that have rested.
  mutating func takeRested(at now: Instant) -> [String] {
    let count = queue.firstIndex { $0.due > now } ?? queue.count
    let rested = queue.prefix(count).map(\.hostID)
    queue.removeFirst(count)
    members.subtract(rested)
    return rested
  }
}
