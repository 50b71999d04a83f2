import GRPC
import GRPCNIO
import Logging
import NIOCore
import StructuredLog
import TimeSeries
import Wire

/// What is done every few seconds on one loop: the aggregator's report on itself, and letting go of what is over.
final class Housekeeping {
  /// How often descriptions that no host has any more are looked for.
  static let sweepInterval = Duration.seconds(600)

  /// How often series that are gone are looked for.
  static let releaseInterval = Duration.seconds(60)

  private let fleet: Fleet
  private let desk: SteeringDesk
  private let clock: any ServiceClock
  private let reporter: SelfReporter
  private let server: GRPCServer
  private let started: Moment
  private let logger: Logger
  private var lastSweep: Instant
  private var lastRelease: Instant

  init(
    fleet: Fleet, desk: SteeringDesk, server: GRPCServer, settings: AggregatorSettings,
    clock: any ServiceClock, started: Moment,
    logger: Logger
  ) {
    self.fleet = fleet
    self.desk = desk
    self.server = server
    self.clock = clock
    self.started = started
    lastSweep = started.instant
    lastRelease = started.instant
    self.logger = logger
    reporter = SelfReporter(
      fleet: fleet, instance: settings.instance, bootID: HostFacts.bootID, system: HostFacts.system,
      started: started)
  }

  /// Begins, on the loop it is called on, and goes on for as long as the loop runs.
  func run() {
    let now = clock.now
    report(at: now)
    for host in fleet.forgetAbsent(at: now) {
      logger.info("host forgotten: gone for limits.forget_hosts_after", metadata: ["host_id": "\(host.id)"])
    }
    discardStale(at: now)
    if now.instant - lastRelease >= Self.releaseInterval {
      lastRelease = now.instant
      fleet.releaseSeries()
    }
    if now.instant - lastSweep >= Self.sweepInterval {
      lastSweep = now.instant
      fleet.pool.sweep()
    }
    clock.schedule(after: SelfReporter.interval) { self.run() }
  }

  private func report(at now: Moment) {
    do throws(Status) {
      try reporter.report(figures(at: now), at: now)
    } catch {
      logger.error("own figures refused", metadata: ["reason": "\(error)"])
    }
  }

  private func figures(at now: Moment) -> SelfFigures {
    var figures = SelfFigures()
    figures.process = .now()
    figures.startedMicroseconds = started.wallMicroseconds
    figures.connections = ConnectionFigures(server)
    figures.fleet = FleetFigures(fleet, at: now)
    figures.steering = SteeringFigures(desk)
    figures.droppedLogLines = Int64(StructuredLog.droppedLines)
    return figures
  }

  /// A host that is gone sends no frame that would push out its old ones.
  private func discardStale(at now: Moment) {
    let retention = Duration.microseconds(fleet.limits.hot.retentionMicroseconds)
    for host in fleet.everyHost {
      host.withRecord { record in
        if record.store.frameCount > 0, record.presence.isAbsent(for: retention, at: now) {
          record.store.discardFrames()
        }
      }
    }
  }
}

extension ConnectionFigures {
  fileprivate init(_ server: GRPCServer) {
    let counters = server.counters
    open = server.connectionCount
    accepted = counters.accepted
    refusedOverLimit = counters.refusedOverLimit
    refusedForAddress = counters.refusedForAddress
    displaced = counters.displaced
    failed = counters.failedTLS + counters.failedProtocol + counters.timedOut + counters.abandoned
    ended = counters.ended
  }
}
