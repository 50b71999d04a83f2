import GRPC
import Records

/// What must be durable before what follows from it may happen.
///
///     append ─► waiting ──begin──► in flight ──succeeded──► follow-ups, in order
///                  ▲                   │
///                  └──────failed───────┘   before all that came later; begun again after `retryInterval`
///
/// One transaction at a time is under way; what is appended meanwhile makes up the next one together. While
/// nothing can be written, changes that later ones replace are dropped, so that what waits is bounded by what there
/// is (hosts, rollouts) and not by how long it lasts. Knows no database and no clock.
struct CommitQueue<FollowUp> {
  /// How long after a failure the next attempt is made.
  static var retryInterval: Duration { .seconds(1) }
  /// So many changes are looked through for those that later ones replace.
  static var compactionLimit: Int { 20_000 }

  private struct Batch {
    var changes: [RecordsChange] = []
    var followUps: [FollowUp] = []
  }

  private var waiting = Batch()
  private var inFlight: Batch?
  private var compactAbove = CommitQueue.compactionLimit
  /// Why the last attempt failed; `nil`: it did not.
  private(set) var failure: String?
  /// When the next attempt may be made; `nil`: at once.
  private(set) var retryAt: Instant?

  /// Nothing waits and nothing is under way.
  var isIdle: Bool { inFlight == nil && waiting.changes.isEmpty && waiting.followUps.isEmpty }

  /// A transaction is under way.
  var isUnderWay: Bool { inFlight != nil }

  /// Changes that are not durable yet.
  var count: Int { waiting.changes.count + (inFlight?.changes.count ?? 0) }

  /// `followUps` may happen when `changes`, and all that was appended before, are durable.
  mutating func append(_ changes: [RecordsChange], then followUps: [FollowUp]) {
    waiting.changes += changes
    waiting.followUps += followUps
    guard waiting.changes.count > compactAbove else { return }
    waiting.changes = waiting.changes.withoutReplaced()
    compactAbove = max(Self.compactionLimit, waiting.changes.count * 2)
  }

  /// What is to be written now, in one transaction; `nil`: nothing, or not yet. `succeeded` or `failed` is to
  /// follow.
  mutating func begin(at now: Instant) -> [RecordsChange]? {
    guard inFlight == nil, !waiting.changes.isEmpty, retryAt.map({ now >= $0 }) ?? true else { return nil }
    inFlight = waiting
    waiting = Batch()
    // Or whoever waits for that time would not wait at all, for as long as this takes.
    retryAt = nil
    return inFlight?.changes
  }

  /// The transaction under way is durable. Returns what may happen now.
  mutating func succeeded() -> [FollowUp] {
    failure = nil
    retryAt = nil
    compactAbove = Self.compactionLimit
    defer { inFlight = nil }
    return inFlight?.followUps ?? []
  }

  /// The transaction under way came to nothing.
  mutating func failed(_ reason: String, at now: Instant) {
    failure = reason
    retryAt = now + Self.retryInterval
    guard let batch = inFlight else { return }
    inFlight = nil
    waiting = Batch(
      changes: batch.changes + waiting.changes, followUps: batch.followUps + waiting.followUps)
  }

  /// What may happen without waiting for anything.
  mutating func takeUnconditional() -> [FollowUp] {
    guard inFlight == nil, waiting.changes.isEmpty else { return [] }
    defer { waiting.followUps = [] }
    return waiting.followUps
  }

  /// Takes out the follow-ups that do not bear waiting.
  mutating func takeFollowUps(where isMeant: (FollowUp) -> Bool) -> [FollowUp] {
    let taken = waiting.followUps.filter(isMeant)
    waiting.followUps.removeAll(where: isMeant)
    return taken
  }
}
