import GRPC
import Wire

/// The heartbeats of one control stream: when the next is due, which are unanswered, and whether the
/// other side still answers at all.
struct Heartbeats: Sendable {
  /// Unanswered heartbeats whose time of sending is remembered.
  static let maximumOutstanding = 8

  private struct Sent: Sendable {
    var id: UInt64
    var at: Moment
  }

  private var interval: Duration
  private var timeout: Duration
  private var lastID: UInt64 = 0
  private var outstanding: [Sent] = []
  /// When the next one is to be sent.
  private(set) var due: Instant
  /// Without an answer until then, the connection counts as lost.
  private(set) var expires: Instant

  /// The first heartbeat is due at once.
  init(interval: Duration, timeout: Duration, at now: Instant) {
    self.interval = interval
    self.timeout = timeout
    due = now
    expires = now + timeout
  }

  /// Notes that a heartbeat goes out now, and gives its id.
  mutating func send(at now: Moment) -> UInt64 {
    lastID += 1
    if outstanding.count == Self.maximumOutstanding { outstanding.removeFirst() }
    outstanding.append(Sent(id: lastID, at: now))
    due = now.instant + interval
    return lastID
  }

  /// A reply: when its heartbeat was sent; nil when none with this id is unanswered.
  mutating func answered(_ id: UInt64, at now: Instant) -> Moment? {
    guard let position = outstanding.firstIndex(where: { $0.id == id }) else { return nil }
    let sent = outstanding[position].at
    outstanding.removeFirst(position + 1)
    expires = now + timeout
    return sent
  }

  /// Other times hold from now on. The next one is due as the new interval says, or sooner.
  mutating func change(interval: Duration, timeout: Duration, at now: Instant) {
    self.interval = interval
    self.timeout = timeout
    due = min(due, now + interval)
    expires = now + timeout
  }

  /// There is something to tell: the next one is due at once.
  mutating func hasten(at now: Instant) { due = min(due, now) }

  /// Our clock was set: what is under way can no longer measure it.
  mutating func forgetOutstandingTimes() { outstanding.removeAll(keepingCapacity: true) }
}
