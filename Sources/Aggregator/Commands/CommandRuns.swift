import GRPC
import Logging
import Records
import Synchronization
import Wire

/// Has hosts carry out commands. A run is written down before anything is sent, and again when it is over.
///
///     start ─► written down ─► sent to every host that can ─► results, timeouts, losses ─► over ─► written down
///
/// Hosts' streams, the timer, and readers all work on the run itself (`ActiveRun`), each on its own thread.
final class CommandRuns: Sendable {
  private struct State {
    var nextRun: UInt64
    var open = 0
    var keys: RunKeys
  }

  /// Where runs, and what else operators do, is written down.
  let audit: AuditLog
  private let fleet: Fleet
  private let clock: any ServiceClock
  private let logger: Logger
  /// Makes ids of commands unique even should the records be lost: hosts remember ids.
  private let birth: String
  private let state: Mutex<State>

  /// - Parameters:
  ///   - nextRun: the number of the next run, as the records say.
  ///   - past: runs of earlier lives of the program, newest first, so that their keys are known.
  init(
    fleet: Fleet, audit: AuditLog, clock: any ServiceClock, logger: Logger, nextRun: UInt64,
    past: [StoredRun] = []
  ) {
    self.fleet = fleet
    self.audit = audit
    self.clock = clock
    self.logger = logger
    let now = clock.now
    birth = String(UInt64(max(0, now.wallMicroseconds)), radix: 36)
    state = Mutex(State(nextRun: max(1, nextRun), keys: RunKeys(past, at: now)))
  }

  /// Runs that are not over.
  var openCount: Int { state.withLock { $0.open } }

  /// Starts a run, or finds the one that was started with the same key.
  ///
  /// To be called on an event loop, where the run's timer is set, and which `executor` leads to.
  ///
  /// - Parameter wake: called on any thread when the reader has something to read again.
  /// - Throws: FAILED_PRECONDITION: no hosts, too many, the time to live is over, or the key is another run's.
  ///   RESOURCE_EXHAUSTED: too many runs are open.
  func start(
    _ order: RunOrder, on executor: any LoopExecutor, wake: @escaping @Sendable () -> Void
  ) throws(Status) -> RunReader {
    let now = clock.now
    try order.check()
    let found = state.withLock { state in
      Result { () throws(Status) -> (run: ActiveRun, isNew: Bool) in
        if !order.idempotencyKey.isEmpty, let run = try state.keys.run(for: order, at: now) {
          return (run, false)
        }
        return (try open(order, &state, at: now), true)
      }
    }
    let (run, isNew) = try found.get()
    let reader = run.reader(wake: wake)
    if isNew { begin(run, on: executor, at: now) }
    return reader
  }

  private func open(_ order: RunOrder, _ state: inout State, at now: Moment) throws(Status) -> ActiveRun {
    guard state.open < RunLimits.openRuns else {
      throw Status(
        .resourceExhausted, "\(RunLimits.openRuns) commands are under way already; wait for one to end")
    }
    let number = state.nextRun
    state.nextRun += 1
    state.open += 1
    let hosts = order.hosts.map { host in (id: host.id, instance: host.withRecord { $0.identity.instance }) }
    let core = CommandRun(
      commandID: "\(number)-\(birth)", runID: "\(number)", hosts: hosts,
      outputLimitBytes: order.outputLimitBytes, deadline: now.instant + order.timeout)
    let run = ActiveRun(number: number, order: order, entry: order.entry(in: audit, at: now), run: core) {
      [weak self] in self?.ended($0, $1)
    }
    state.keys.remember(run, at: now)
    return run
  }

  /// Writes it down, and then sends it.
  private func begin(_ run: ActiveRun, on executor: any LoopExecutor, at now: Moment) {
    fleet.runs.add(run)
    clock.schedule(after: run.order.timeout) { [weak run, clock] in
      run?.change { ((), $0.tick(at: clock.now.instant)) }
    }
    audit.commit([.run(run.stored), .audit(run.entry)]) { [clock] failure in
      executor.execute {
        if let failure {
          run.change { $0.fail(failure) }
        } else {
          run.send(sentAfter: clock.now.instant - now.instant)
        }
      }
    }
  }

  private func ended(_ run: ActiveRun, _ core: CommandRun) {
    fleet.runs.remove(run)
    let now = clock.now
    state.withLock { state in
      state.open -= 1
      if !run.order.idempotencyKey.isEmpty { state.keys.ended() }
    }
    audit.commit(run.closing(core, at: now)) { [logger] failure in
      guard let failure else { return }
      logger.error(
        "the end of a run is not in the records",
        metadata: ["run": "\(run.number)", "reason": "\(failure.message)"])
    }
  }
}
