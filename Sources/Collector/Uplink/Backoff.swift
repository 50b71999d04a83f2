/// How long to wait between attempts to connect, at most.
public struct BackoffLimits: Hashable, Sendable {
  /// The upper end of the first wait; it doubles with every attempt.
  public var first: Duration = .milliseconds(500)
  /// The upper end of every later wait.
  public var longest: Duration = .seconds(15)
  /// The upper end of a wait after a refusal that only a person can lift; the lower is half of it.
  public var refused: Duration = .seconds(60)

  /// The defaults.
  public init() {}
}

/// Exponential backoff with full jitter: each wait is anywhere between nothing and a bound that
/// doubles, so that a fleet that lost its aggregator does not come back as one wave.
///
/// The randomness is a seed handed in: equal seeds wait equally (SplitMix64).
public struct Backoff: Sendable {
  private let limits: BackoffLimits
  private var attempts = 0
  private var random: UInt64

  /// A backoff that has not waited yet.
  public init(limits: BackoffLimits, seed: UInt64) {
    self.limits = limits
    random = seed
  }

  /// The wait before the next attempt.
  public mutating func next() -> Duration {
    // 2^20 first waits are longer than any `longest`; the bound keeps the shift in range.
    let bound = min(limits.longest, limits.first * (1 << min(attempts, 20)))
    attempts += 1
    return fraction(of: bound)
  }

  /// No wait at all the first time, and the usual ones while attempts keep failing: for a peer
  /// that asked to be left in good order.
  public mutating func immediately() -> Duration {
    guard attempts == 0 else { return next() }
    attempts = 1
    return .zero
  }

  /// A long wait: half of `refused` to all of it.
  public mutating func afterRefusal() -> Duration {
    limits.refused / 2 + fraction(of: limits.refused / 2)
  }

  /// The connection held: the next wait is the first one again.
  public mutating func reset() { attempts = 0 }

  private mutating func fraction(of bound: Duration) -> Duration {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    // 53 bits are what a Double holds exactly.
    return bound * (Double(mixed >> 11) / Double(1 << 53))
  }
}
