import GRPC
import Logging
import Records
import Steering
import Wire

/// What operators want.
extension SteeringCore {
  /// Carries out an order. `then` is called once it is durable, or at once if it is refused.
  func carryOut(
    _ order: SteeringOrder, by asker: Asker, at now: Moment,
    then: @escaping @Sendable (Result<Rollout, Status>) -> Void
  ) {
    do throws(Status) {
      try checkReadiness()
      let rollout = try perform(order, at: now)
      collect()
      commits.append(
        record(order, rollout, by: asker, at: now), then: [.answer(rollout, to: then)])
    } catch {
      then(.failure(error))
    }
  }

  private func checkReadiness() throws(Status) {
    if isClosing { throw .draining }
    guard let reason = commits.failure else { return }
    throw Status(
      .unavailable,
      "the aggregator cannot write its records: \(reason); nothing was changed; try again when its disk is well"
    )
  }

  /// Tells the logs of an order; a check changes nothing and is not told.
  private func record(
    _ order: SteeringOrder, _ rollout: Rollout, by asker: Asker, at now: Moment
  ) -> [RecordsChange] {
    guard rollout.id != 0 else { return [] }
    let entry = entry(for: order, rollout, by: asker, at: now)
    logger.info(
      "\(entry.summary)",
      metadata: [
        "action": "\(entry.action)", "author": "\(entry.author)", "address": "\(entry.address)",
        "selector": "\(entry.selector)", "detail": "\(entry.detail)",
      ])
    return [.audit(entry)]
  }

  private func perform(_ order: SteeringOrder, at now: Moment) throws(Status) -> Rollout {
    switch order {
    case .push(let request): try engine.push(request, at: now)
    case .steer(let request): try engine.steer(request, at: now)
    case .rollBack(let request): try engine.rollBack(request, at: now)
    }
  }
}
