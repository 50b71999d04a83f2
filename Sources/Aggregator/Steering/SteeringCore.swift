import GRPC
import Logging
import Records
import Steering
import Wire

/// The desk's inside: owns the engine, and lives on one loop.
///
/// After every handful of events: what the engine wants remembered is queued for the records, together with what may
/// happen only afterwards; the next transaction is begun; timers are set.
final class SteeringCore {
  /// The engine is not asked more often than this, whatever it wishes.
  static let shortestTick = Duration.milliseconds(200)

  /// What happens once the changes before it are durable.
  enum FollowUp {
    /// Offers go down the Watch, and confirmations down the control stream, that was open when they were decided, or
    /// nowhere: on another connection the host may be at something else.
    case send(SteeringSend, over: UInt64?)
    case answer(Rollout, to: @Sendable (Result<Rollout, Status>) -> Void)
  }

  let fleet: Fleet
  let store: any StateStore
  let audit: AuditLog
  let standings: Standings
  let clock: any ServiceClock
  let logger: Logger
  let health: CollectorHealth
  /// Where events come from; the desk outlives what it owns here.
  weak var desk: SteeringDesk?

  var engine: Steering
  var commits = CommitQueue<FollowUp>()
  var commitBegan = Instant(nanoseconds: 0)
  /// The control stream that speaks for each host that is connected.
  var streams: [String: UInt64] = [:]
  /// The open Watch of each host, on the same connection.
  var watches: [String: ConfigWatch] = [:]
  var rolloutWatches = RolloutWatches<RolloutWatch>()
  /// Rollouts that are not over.
  var activeRollouts: Set<UInt64>
  /// Set when the program ends: what to do once all is written.
  var whenClosed: (@Sendable () -> Void)?
  var isClosing = false
  private var lastTick: Instant?
  /// When the earliest timer comes; `nil`: none is set.
  private var timer: Instant?

  init(
    restoring snapshot: SteeringSnapshot, fleet: Fleet, store: any StateStore, audit: AuditLog,
    standings: Standings, clock: any ServiceClock, logger: Logger
  ) {
    self.fleet = fleet
    self.store = store
    self.audit = audit
    self.standings = standings
    self.clock = clock
    self.logger = logger
    health = CollectorHealth(fleet)
    activeRollouts = Set(snapshot.rollouts.values.filter { !$0.isOver }.map(\.id))
    engine = Steering(restoring: snapshot, at: clock.now)
  }

  /// Takes in what has happened, in order, and does what follows.
  func receive(_ events: [SteeringEvent]) {
    let now = clock.now
    for event in events {
      receive(event, at: now)
      // At once: an offer belongs to the Watch that is open now.
      collect()
    }
    tick(at: now)
    collect()
    beginCommit(at: now)
    follow(commits.takeUnconditional())
    tellWatchers(at: now)
    publishFigures()
    closeIfDone()
    setTimer(at: now)
  }

  private func receive(_ event: SteeringEvent, at now: Moment) {
    switch event {
    case .hostChanged(let host):
      engine.hostChanged(host, at: now)
      refreshStanding(of: host.hostID)
    case .hostForgotten(let hostID):
      engine.hostForgotten(hostID, at: now)
      standings[hostID] = nil
    case .attached(let hostID, let stream, let status): attached(hostID, stream, status, at: now)
    case .detached(let hostID, let stream, let saidGoodbye): detached(hostID, stream, saidGoodbye, at: now)
    case .status(let hostID, let status): engine.status(hostID, status, at: now)
    case .stamped(let hostID, let sha256): engine.stamped(hostID, sha256: sha256, at: now)
    case .watching(let watch, let request): began(watch, request, at: now)
    case .watchEnded(let watch): ended(watch, at: now)
    case .ordered(let order, let asker, let then): carryOut(order, by: asker, at: now, then: then)
    case .asked(let question): question(engine, now)
    case .watchingRollout(let watch): began(watch, at: now)
    case .rolloutWatchEnded(let watch): rolloutWatches.remove(number: watch.number, of: watch.rollout)
    case .committed(let failure): committed(failure, at: now)
    case .timer: break
    case .closing(let then):
      isClosing = true
      whenClosed = then
    }
  }

  private func tick(at now: Moment) {
    guard let deadline = tickDeadline, deadline <= now.instant else { return }
    lastTick = now.instant
    let health = health
    engine.tick(at: now) { health.reading(of: $0) }
    if activeRollouts.isEmpty { health.forgetAll() }
  }

  private var tickDeadline: Instant? {
    guard let wish = engine.nextDeadline else { return nil }
    return lastTick.map { max(wish, $0 + Self.shortestTick) } ?? wish
  }

  private func setTimer(at now: Moment) {
    let wishes = [tickDeadline, commits.retryAt, rolloutWatches.nextDeadline].compactMap { $0 }
    guard let earliest = wishes.min(), timer.map({ earliest < $0 }) ?? true else { return }
    timer = earliest
    clock.schedule(after: max(.zero, earliest - now.instant)) { [weak self] in
      guard let self else { return }
      // A timer that was set before an earlier one finds nothing to do, or does what is due.
      if timer == earliest { timer = nil }
      desk?.post(.timer)
    }
  }

  private func publishFigures() {
    desk?.counters.activeRollouts.set(activeRollouts.count)
    desk?.counters.uncommitted.set(commits.count)
  }
}
