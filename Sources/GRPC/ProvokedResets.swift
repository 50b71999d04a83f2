/// Streams that the peer has this side reset, by frames that are wrong for their stream alone (CVE-2025-8671,
/// "MadeYouReset"): each lets it open another beyond the limit of concurrent ones. A bucket of them is taken, and
/// refilled slowly: proper clients need none.
struct ProvokedResets {
  private let limits: ResetLimits
  private var level = 0.0
  private var last: Instant?

  init(_ limits: ResetLimits) { self.limits = limits }

  /// One more. True: it is one too many.
  mutating func add(at now: Instant) -> Bool {
    if let last { level = max(0, level - (now - last) / .seconds(1) * limits.perSecond) }
    last = now
    level += 1
    return level > limits.burst
  }
}

/// How many streams a client may have the server reset by breaking the rules on them.
public struct ResetLimits: Sendable, Hashable {
  /// At once; one more ends the connection with ENHANCE_YOUR_CALM and `too_many_stream_errors`.
  public var burst = 100.0
  /// In the long run.
  public var perSecond = 1.0

  /// The defaults.
  public init() {}
}
