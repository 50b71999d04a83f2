import GRPC
import Logging
import TimeSeries
import VirtualTime
import Wire

@testable import Aggregator

/// The aggregator's process: accepts connections, dies, drains, and comes back with or without its memory.
final class SimulatedAggregator: Listener {
  /// The collectors' clocks are set by theirs.
  static let wallOrigin: Int64 = 1_763_000_000_000_000

  private let timeline: Timeline
  private let truth: Truth
  private let journal: Journal
  private(set) var fleet: Fleet
  private(set) var watch: IngestWatch
  /// What the memories that are gone, and this one, counted.
  private(set) var refused: UInt64 = 0
  private(set) var missing: UInt64 = 0
  private var connections: [SimulatedConnection] = []
  private var router = Router()
  private var clock: SimulatedClock?
  private let limits: FleetLimits
  /// Series let go of, by memories that are gone.
  private(set) var released: UInt64 = 0

  init(_ timeline: Timeline, _ weather: Weather, _ truth: Truth, _ journal: Journal) {
    // Unless the weather says otherwise, nothing is forgotten for its age: every frame is compared in the end.
    var limits = FleetLimits()
    limits.hot = HotLimits(
      retentionMicroseconds: weather.retention?.saturatedMicroseconds ?? .max, maximumBytes: 1 << 30)
    self.limits = limits
    self.timeline = timeline
    self.truth = truth
    self.journal = journal
    fleet = Fleet(limits: limits)
    watch = IngestWatch(truth, journal)
  }

  var isRunning: Bool { clock != nil }
  private(set) var isDraining = false

  func start(remembering: Bool) {
    guard !isRunning else { return }
    if !remembering {
      close()
      fleet = Fleet(limits: limits)
      watch = IngestWatch(truth, journal)
    }
    journal.write("aggregator starts, \(remembering ? "knowing" : "not knowing") what was")
    let clock = SimulatedClock(timeline)
    self.clock = clock
    router = makeRouter(clock)
    keepHouse(clock)
  }

  private func keepHouse(_ clock: SimulatedClock) {
    fleet.releaseSeries()
    clock.schedule(after: .seconds(5)) { [weak self] in self?.keepHouse(clock) }
  }

  func accept(_ cable: Cable, from peer: String) -> Bool {
    guard isRunning else { return false }
    connections.append(
      SimulatedConnection(timeline, cable, router: router, peer: peer) { [weak self] ended in
        self?.connections.removeAll { $0 === ended }
      })
    return true
  }

  /// The process is gone from one moment to the next.
  func crash() {
    guard isRunning else { return }
    journal.write("aggregator dies")
    clock?.isRunning = false
    clock = nil
    isDraining = false
    // What the memory holds of connections dies with it; one that lives on has seen them break.
    for connection in connections {
      connection.vanish()
      connection.grpc.connectionLost(at: timeline.now)
    }
    connections = []
  }

  /// Says goodbye to everybody, then ends.
  func drain(within limit: Duration) {
    guard isRunning, !isDraining else { return }
    journal.write("aggregator drains")
    isDraining = true
    for connection in connections { connection.drain() }
    let draining = clock
    timeline.after(limit) { [weak self] in
      if let self, self.clock === draining { self.crash() }
    }
  }

  /// Looks at everything held, one last time before it is forgotten.
  func close() {
    watch.checkAll(fleet)
    released += fleet.counters.seriesReleased.value
    for account in watch.accounts {
      refused += account.refused
      missing += account.missing
    }
  }

  private func makeRouter(_ clock: SimulatedClock) -> Router {
    let service = CollectorService(
      fleet: fleet, clock: clock, acknowledgement: AcknowledgementSettings(), openCalls: OpenCalls(),
      logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
    let witness = Witness(watch: watch, journal: journal)
    var router = Router()
    service.register(in: &router)
    router.register(MusterService.pushPath) { call throws(Status) in
      WatchedPush(PushCall(call, service: service), service.fleet, witness.watch, witness.journal)
    }
    return router
  }
}

// Sendable unchecked: a run happens on one thread.
private struct Witness: @unchecked Sendable {
  let watch: IngestWatch
  let journal: Journal
}

/// The clocks of an aggregator's process.
// Sendable unchecked: a run happens on one thread.
final class SimulatedClock: ServiceClock, @unchecked Sendable {
  private let timeline: Timeline
  /// Timers of a process that died do not fire.
  var isRunning = true

  init(_ timeline: Timeline) { self.timeline = timeline }

  var now: Moment {
    Moment(
      instant: timeline.now,
      wallMicroseconds: SimulatedAggregator.wallOrigin + timeline.now.nanoseconds / 1000)
  }

  func schedule(after delay: Duration, _ body: @escaping () -> Void) {
    timeline.after(delay) { if self.isRunning { body() } }
  }
}
