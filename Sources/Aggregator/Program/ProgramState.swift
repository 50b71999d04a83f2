import GRPC
import Logging
import NIOCore
import NIOPosix
import Records
import Steering
import Wire

/// Everything that outlives a connection: the records, and what was made of them when the program started.
///
///     muster.db ─load─► fleet, runs, audit log, steering       before anyone is listened to
///     end:  steering's last transaction ─► the hosts as they are ─► muster.db is closed
///
/// Steering has a loop and a thread of its own, so that a push to thousands of hosts holds up no frame.
struct ProgramState: Sendable {
  let fleet: Fleet
  let runs: CommandRuns
  let desk: SteeringDesk
  private let records: RecordsStore
  private let clock: SystemClock
  private let logger: Logger
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  /// Opens the records and takes up where they end.
  init(_ settings: AggregatorSettings, clock: SystemClock, logger: Logger) throws(ProgramFailure) {
    let now = clock.now
    records = try StateDirectory(settings.stateDirectory).openRecords()
    let past: RecordsSnapshot
    do throws(RecordsFailure) {
      past = try records.load()
    } catch {
      throw ProgramFailure(error)
    }
    fleet = Fleet(limits: FleetLimits(settings))
    fleet.restore(past.hosts, past.expectations, at: now)
    fleet.unsaved.begin()
    let audit = AuditLog(store: records, nextID: past.nextAudit)
    runs = CommandRuns(
      fleet: fleet, audit: audit, clock: clock, logger: logger, nextRun: past.nextRun, past: past.runs)
    desk = SteeringDesk(
      restoring: past.steering, fleet: fleet, store: records, audit: audit, clock: clock,
      executor: OwnLoop(loop: group.next()), logger: logger)
    fleet.install(desk, at: now)
    self.clock = clock
    self.logger = logger
    logger.info(
      "records loaded",
      metadata: [
        "state_directory": "\(settings.stateDirectory)", "hosts": "\(past.hosts.count)",
        "documents": "\(past.steering.documents.count)",
        "rollouts_under_way": "\(past.steering.rollouts.values.count { !$0.isOver })",
      ])
  }

  /// Has hosts written down as they change, on the loop this is called on.
  func keepHosts() {
    HostKeeper(fleet: fleet, store: records, clock: clock, logger: logger).run()
  }

  /// Takes no orders any more, and waits for what was ordered to be written. Their loops are still needed for that.
  func settle() async {
    await withCheckedContinuation { done in desk.close { done.resume() } }
  }

  /// Writes down the hosts as they are, and closes the records. Nobody is left who could change anything.
  func close() async {
    let keeper = HostKeeper(fleet: fleet, store: records, clock: clock, logger: logger)
    await withCheckedContinuation { done in keeper.save(at: clock.now) { _ in done.resume() } }
    try? await group.shutdownGracefully()
    records.close()
  }
}

/// The loop of a group of threads, for whoever hops to it.
private struct OwnLoop: LoopExecutor {
  let loop: any EventLoop

  func execute(_ body: @escaping @Sendable () -> Void) {
    loop.execute(body)
  }
}
