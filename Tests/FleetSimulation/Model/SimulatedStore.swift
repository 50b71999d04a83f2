import Aggregator
import GRPC
import Records
import Steering
import VirtualTime
import Wire

/// The aggregator's disk: what is committed survives its crashes. Transactions are carried out one after the
/// other; a crash finds the one under way either done or not.
// Sendable unchecked: a run happens on one thread.
final class SimulatedStore: AuditStore, @unchecked Sendable {
  private struct Transaction {
    var changes: [RecordsChange]
    var done: @Sendable (RecordsFailure?) -> Void
  }

  private unowned let world: World
  private(set) var steering = SteeringSnapshot()
  private(set) var hosts: [String: StoredHost] = [:]
  private var waiting: [Transaction] = []
  /// Counts the lives of the aggregator: what was begun in an earlier one does not end in this one.
  private var life = 0

  init(_ world: World) { self.world = world }

  func commit(_ changes: [RecordsChange], then done: @escaping @Sendable (RecordsFailure?) -> Void) {
    waiting.append(Transaction(changes: changes, done: done))
    if waiting.count == 1 { begin() }
  }

  func audit(
    _ request: ListAuditRequest, then: @escaping @Sendable (Result<[AuditEntry], RecordsFailure>) -> Void
  ) {
    then(.success([]))
  }

  /// The process is gone.
  func aggregatorDied() {
    life += 1
    if let first = waiting.first, world.chance.happens(0.5) { write(first.changes) }
    waiting = []
  }

  private func begin() {
    let life = life
    let duration = world.chance.duration(world.weather.commit)
    world.timeline.after(duration / 2) {
      guard life == self.life, let first = self.waiting.first else { return }
      let fails = !self.world.isHealing && self.world.chance.happens(self.world.weather.commitFailures)
      if !fails { self.write(first.changes) }
      self.world.timeline.after(duration / 2) {
        guard life == self.life else { return }
        self.waiting.removeFirst()
        if !self.waiting.isEmpty { self.begin() }
        first.done(fails ? RecordsFailure(message: "muster.db: the disk is full") : nil)
      }
    }
  }

  /// For people.
  private static func summary(_ changes: [RecordsChange]) -> String {
    let told = changes.compactMap { change -> String? in
      guard case .steering(let change) = change else { return nil }
      switch change {
      case .rollout(let rollout):
        return
          "rollout \(rollout.id) \(rollout.state) wave \(rollout.wavesBegun): \(rollout.history.last ?? "")"
      case .quarantinedConfig(let sha256, _): return "quarantine \(Witness.short(sha256))"
      case .layer(let layer): return "layer \"\(layer.selector)\" \(layer.current)"
      default: return nil
      }
    }
    return "\(changes.count) changes; \(told.joined(separator: "; "))"
  }

  private func write(_ changes: [RecordsChange]) {
    world.journal.note(-1, .commits, Self.summary(changes))
    for change in changes {
      switch change {
      case .steering(let change):
        steering.apply(change)
        world.witness.wrote(change)
      case .host(let host): hosts[host.hostID] = host
      case .hostForgotten(let hostID): hosts[hostID] = nil
      case .expected, .expectationOver, .run, .audit: break
      }
    }
  }
}
