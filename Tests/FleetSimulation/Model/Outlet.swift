import Aggregator
import GRPC
import Wire

/// The way from steering to one open Watch.
// Sendable unchecked: a run happens on one thread.
final class Outlet: ConfigOutlet, @unchecked Sendable {
  private let world: World
  private let cable: Cable
  private let process: AggregatorProcess
  private var isOver = false

  init(_ world: World, _ cable: Cable, _ process: AggregatorProcess) {
    self.world = world
    self.cable = cable
    self.process = process
  }

  func offer(_ update: ConfigUpdate) {
    guard process.isRunning, !isOver else { return }
    world.witness.sends(update, to: cable.host)
    if world.crashesAtSend() { return }
    cable.send(.update(update))
  }

  func finish(_ status: Status) {
    guard process.isRunning, !isOver else { return }
    end()
    cable.send(.watchEnded(status))
  }

  /// The call is over.
  func end() {
    guard !isOver else { return }
    isOver = true
    world.witness.watchEnded(cable.host)
  }
}
