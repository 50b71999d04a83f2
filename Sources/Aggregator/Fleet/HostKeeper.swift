import GRPC
package import Logging
import Records
import Synchronization
import Wire

/// Writes down what changes in the fleet, a second's changes together; and, less often, when those that are connected
/// were last seen, should the program end without a word.
///
/// Lives on the loop it is started on.
package final class HostKeeper {
  static let interval = Duration.seconds(1)
  /// How often connected hosts are written down for the time alone.
  static let seenInterval = Duration.seconds(60)

  private let fleet: Fleet
  private let store: any StateStore
  private let clock: any ServiceClock
  private let logger: Logger
  private var lastSeen: Instant
  /// So that a disk that is full is one line in the log, and not one a second.
  private let isFailing = Failing()

  package init(fleet: Fleet, store: any StateStore, clock: any ServiceClock, logger: Logger) {
    self.fleet = fleet
    self.store = store
    self.clock = clock
    self.logger = logger
    lastSeen = clock.now.instant
    fleet.unsaved.begin()
  }

  /// Begins, on the loop it is called on, and goes on for as long as the loop runs.
  package func run() {
    save(at: clock.now) { _ in }
    clock.schedule(after: Self.interval) { self.run() }
  }

  /// Writes down what there is, in one transaction. `then` is called, on any thread, with what went wrong; what could
  /// not be written waits for the next time.
  func save(at now: Moment, then: @escaping @Sendable (RecordsFailure?) -> Void) {
    if now.instant - lastSeen >= Self.seenInterval {
      lastSeen = now.instant
      markConnected()
    }
    let unsaved = fleet.unsaved.take()
    guard !unsaved.isEmpty else { return then(nil) }
    store.commit(changes(unsaved, at: now)) { [fleet, logger, isFailing] failure in
      let isNews = isFailing.set(failure != nil)
      if let failure {
        fleet.unsaved.putBack(unsaved)
        if isNews {
          logger.error(
            "hosts are not written down; trying again", metadata: ["reason": "\(failure.message)"])
        }
      }
      then(failure)
    }
  }

  private func markConnected() {
    for host in fleet.everyHost where host.withRecord({ $0.presence.calls > 0 }) {
      fleet.unsaved.mark(host.id)
    }
  }

  private func changes(_ unsaved: UnsavedHosts.Changes, at now: Moment) -> [RecordsChange] {
    var changes: [RecordsChange] = unsaved.met.sorted().map { .expectationOver(instance: $0) }
    for hostID in unsaved.hosts.sorted() {
      guard let host = fleet.host(id: hostID) else {
        changes.append(.hostForgotten(hostID))
        continue
      }
      if !host.isOwn { changes.append(.host(host.stored(at: now))) }
    }
    return changes
  }
}

/// Whether the last attempt failed, for whichever thread hears of it.
private final class Failing: Sendable {
  private let flag = Atomic(false)

  /// Notes it. Whether it is news.
  func set(_ isFailing: Bool) -> Bool {
    flag.exchange(isFailing, ordering: .relaxed) != isFailing
  }
}
