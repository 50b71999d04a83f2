import GRPC

/// Decides when the table of series is to be made anew without those that are gone.
///
/// A compaction costs about what describing the series that live has cost once: a pass over the table, and an opening
/// frame. So it comes when at least as many series are gone as live, which many new ones came before; and never more
/// often than every ``Policy/interval``. When rows are wanting (new series are refused, or folded, for those that are
/// gone) it comes for any, and sooner if it is worth that.
///
/// Knows no table and no clock. It wants to be asked at ``nextLook``, so that an ordinary frame counts nothing.
struct TableCompaction {
  /// What is worth a compaction.
  struct Policy: Hashable, Sendable {
    /// So many series must be gone: below it they cost nothing to speak of.
    var leastGone = 512
    /// More than one in so many must be gone.
    var gonePart = 2
    /// From one compaction to the next, at least.
    var interval = Duration.seconds(600)
    /// When rows are wanting so much time is enough, if more than one in so many are gone. Also how often it is asked.
    var wantingInterval = Duration.seconds(60)
    var wantingPart = 8

    init() {}
  }

  /// What is known of a table.
  struct Standing: Hashable, Sendable {
    /// Series that it has, and those of them that are gone.
    var count: Int
    var gone: Int
    /// Whether new series find no room.
    var isWanting: Bool
  }

  let policy: Policy
  /// When `isDue` wants to be asked.
  private(set) var nextLook: Instant
  private var last: Instant

  /// A table that begins now.
  init(_ policy: Policy = Policy(), at now: Instant) {
    self.policy = policy
    last = now
    nextLook = now + policy.wantingInterval
  }

  /// Whether to compact now; then ``compacted(at:)`` is told when it is done.
  mutating func isDue(_ table: Standing, at now: Instant) -> Bool {
    guard now >= nextLook else { return false }
    nextLook = now + policy.wantingInterval
    guard table.gone > 0 else { return false }
    if table.isWanting, table.gone > table.count / policy.wantingPart { return true }
    guard now - last >= policy.interval else { return false }
    return table.isWanting || table.gone >= policy.leastGone && table.gone > table.count / policy.gonePart
  }

  /// It was compacted.
  mutating func compacted(at now: Instant) { last = now }
}
