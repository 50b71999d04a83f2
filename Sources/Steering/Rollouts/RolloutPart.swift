import GRPC
import Wire

/// A host's part in a rollout under way.
struct RolloutPart: Sendable {
  /// What is remembered of it.
  var stored: StoredRolloutHost
  /// When it must be VERIFIED; nil: the clock does not run, because it cannot be reached or has not begun.
  var deadline: Instant?
  /// Since when its collector costs too much, and why.
  var excess: (since: Instant, reason: String)?
  /// Its time was up. It may still be VERIFIED later.
  var isLate = false

  init(_ stored: StoredRolloutHost) {
    self.stored = stored
    isLate = stored.state.isFailure
  }

  /// Neither VERIFIED nor failed.
  var isOpen: Bool { stored.state != .verified && !stored.state.isFailure }
}

/// How many hosts of a wave gates count, and how many of them have which verdict.
struct WaveTally: Hashable, Sendable {
  var counted = 0
  var verified = 0
  var failed = 0

  var open: Int { counted - verified - failed }

  mutating func add(_ part: RolloutPart, _ sign: Int) {
    guard part.stored.isCounted else { return }
    counted += sign
    if part.stored.state == .verified { verified += sign }
    if part.stored.state.isFailure { failed += sign }
  }
}
