import Aggregator
import GRPC
import Logging
import Steering
import VirtualTime
import Wire

/// One life of the aggregator's program: its fleet, its steering, its connections. What it holds in memory dies
/// with it.
final class AggregatorProcess {
  let world: World
  let fleet: Fleet
  let desk: SteeringDesk
  let clock: ProcessClock
  private(set) var connections: [UInt64: AggregatorConnection] = [:]
  private var numbers: UInt64 = 0

  init(_ world: World) {
    self.world = world
    let clock = ProcessClock(world)
    self.clock = clock
    let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
    let now = world.moment
    let store = world.store
    fleet = Fleet(limits: FleetLimits())
    fleet.restore(store.hosts.sorted { $0.key < $1.key }.map(\.value), [], at: now)
    let keeper = HostKeeper(fleet: fleet, store: store, clock: clock, logger: logger)
    desk = SteeringDesk(
      restoring: store.steering, fleet: fleet, store: store, audit: AuditLog(store: store, nextID: 1),
      clock: clock, executor: clock, logger: logger)
    fleet.install(desk, at: now)
    keeper.run()
    world.journal.note(-1, .starts)
  }

  var isRunning: Bool { clock.isRunning }

  /// A number that no other stream and no other Watch of this life has.
  func nextNumber() -> UInt64 {
    numbers += 1
    return numbers
  }

  func accept(_ cable: Cable) {
    let connection = AggregatorConnection(self, cable, number: nextNumber())
    connections[connection.number] = connection
    cable.aggregator = connection
  }

  func ended(_ connection: AggregatorConnection) { connections[connection.number] = nil }

  /// Nothing of it happens any more.
  func end() {
    clock.isRunning = false
    fleet.uninstallHooks()
    connections = [:]
  }

  /// Is gone from one moment to the next.
  func crash() {
    guard isRunning else { return }
    world.journal.note(-1, .crashes)
    let open = connections.sorted { $0.key < $1.key }
    end()
    world.store.aggregatorDied()
    for connection in open { connection.value.vanish() }
    world.aggregatorDied()
  }
}

/// The clock and the loop of one life: after its end nothing of it happens any more.
// Sendable unchecked: a run happens on one thread.
final class ProcessClock: ServiceClock, LoopExecutor, @unchecked Sendable {
  private unowned let world: World
  var isRunning = true

  init(_ world: World) { self.world = world }

  var now: Moment { world.moment }

  func schedule(after delay: Duration, _ body: @escaping () -> Void) {
    world.timeline.after(delay) { if self.isRunning { body() } }
  }

  func execute(_ body: @escaping @Sendable () -> Void) {
    world.timeline.after(world.weather.hop) { if self.isRunning { body() } }
  }
}
