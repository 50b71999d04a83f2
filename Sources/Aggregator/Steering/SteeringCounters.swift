import Synchronization

/// What the desk did since the program started. Any thread may read.
struct SteeringCounters: ~Copyable, Sendable {
  /// Configs offered down a Watch, and confirmed down a control stream.
  let offers = Counter()
  let confirms = Counter()
  /// Offers that came to nothing: the Watch they were meant for is over, or another took their place.
  let offersLost = Counter()
  /// Transactions written, how long they took in microseconds, and those that failed.
  let commits = Counter()
  let commitMicroseconds = Counter()
  let commitFailures = Counter()
  /// Open calls.
  let watches = Level()
  let rolloutWatches = Level()
  /// Numbers the calls.
  let watchesEver = Counter()
  /// Rollouts that are not over.
  let activeRollouts = Figure()
  /// Changes that are not durable yet.
  let uncommitted = Figure()
}

/// A number that is what it was set to last.
struct Figure: ~Copyable, Sendable {
  private let atomic = Atomic(0)

  var value: Int { atomic.load(ordering: .relaxed) }

  func set(_ value: Int) { atomic.store(value, ordering: .relaxed) }
}
