package import GRPC
package import Logging
package import Steering
package import Wire

/// Steering as the rest of the program knows it: hears what hosts do and what operators want, from any thread.
///
///     control streams ─┐                     ┌─► Watch, control streams: offers, confirmations
///     frames           ├─► inbox ─► engine ─► commit ─┤
///     operators        ┘   one loop           └─► operators: answers; watchers of rollouts
///
/// Everything is handed to one loop of its own (`SteeringCore`), where nothing is sent before the changes that it
/// follows from are durable.
package final class SteeringDesk: SteeringHooks {
  let counters = SteeringCounters()
  let inbox = SteeringInbox()
  private let standings = Standings()
  private let core: LoopBound<SteeringCore>

  /// - Parameters:
  ///   - snapshot: what steering knew when the program ended.
  ///   - executor: the loop it is to live on; `clock` must be able to set timers there.
  package init(
    restoring snapshot: SteeringSnapshot, fleet: Fleet, store: any StateStore, audit: AuditLog,
    clock: any ServiceClock, executor: any LoopExecutor, logger: Logger
  ) {
    let core = SteeringCore(
      restoring: snapshot, fleet: fleet, store: store, audit: audit, standings: standings, clock: clock,
      logger: logger)
    self.core = LoopBound(core, on: executor)
    core.desk = self
  }

  /// Hands an event to the loop.
  func post(_ event: SteeringEvent) {
    guard inbox.append(event) else { return }
    core.execute { [inbox] core in
      while let events = inbox.take() { core.receive(events) }
    }
  }

  /// A host has opened its Watch.
  package func began(_ watch: ConfigWatch, _ request: WatchConfigRequest) { post(.watching(watch, request)) }

  /// A Watch is over.
  package func ended(_ watch: ConfigWatch) { post(.watchEnded(watch)) }

  /// Has an order carried out. `then` is called, on any thread, when it is durable or was refused.
  package func order(
    _ order: SteeringOrder, by asker: Asker, then: @escaping @Sendable (Result<Rollout, Status>) -> Void
  ) {
    post(.ordered(order, by: asker, then: then))
  }

  /// Looks something up. `then` is called on the desk's loop.
  func ask<Answer: Sendable>(
    _ question: @escaping @Sendable (Steering, Moment) throws(Status) -> Answer,
    then: @escaping @Sendable (Result<Answer, Status>) -> Void
  ) {
    post(
      .asked { steering, now in
        do throws(Status) {
          then(.success(try question(steering, now)))
        } catch {
          then(.failure(error))
        }
      })
  }

  /// No order is taken any more; `then` is called once everything so far is durable, or cannot be made so.
  func close(then: @escaping @Sendable () -> Void) {
    post(.closing(then))
  }

  // The hooks.

  package func hostChanged(_ host: SteeredHost, at now: Moment) { post(.hostChanged(host)) }

  package func hostForgotten(_ hostID: String, at now: Moment) { post(.hostForgotten(hostID)) }

  package func attached(_ hostID: String, stream: UInt64, status: ConfigStatus, at now: Moment) {
    post(.attached(hostID, stream: stream, status))
  }

  package func detached(_ hostID: String, stream: UInt64, saidGoodbye: Bool, at now: Moment) {
    post(.detached(hostID, stream: stream, saidGoodbye: saidGoodbye))
  }

  package func status(_ hostID: String, _ status: ConfigStatus, at now: Moment) {
    post(.status(hostID, status))
  }

  package func stamped(_ hostID: String, sha256: [UInt8], at now: Moment) {
    post(.stamped(hostID, sha256: sha256))
  }

  package func standing(of hostID: String) -> HostStanding? { standings[hostID] }
}
