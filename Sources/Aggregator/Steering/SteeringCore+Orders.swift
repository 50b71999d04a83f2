import GRPC
import Records
import Selection
import Steering
import Wire

/// What operators want.
extension SteeringCore {
  /// Carries out an order. `then` is called once it is durable, or at once if it is refused.
  func carryOut(
    _ order: SteeringOrder, by asker: Asker, at now: Moment,
    then: @escaping @Sendable (Result<Rollout, Status>) -> Void
  ) {
    collect()
    do throws(Status) {
      try checkReadiness()
      let rollout = try perform(order, at: now)
      collect()
      let isDryRun = rollout.id == 0
      commits.append(
        isDryRun ? [] : [.audit(entry(for: order, rollout, by: asker, at: now))],
        then: [.answer(rollout, to: then)])
    } catch {
      then(.failure(error))
    }
  }

  private func checkReadiness() throws(Status) {
    if isClosing { throw .draining }
    guard let reason = commits.failure else { return }
    throw Status(
      .unavailable,
      "the aggregator cannot write its records: \(reason); nothing was changed; try again when its disk is well")
  }

  private func perform(_ order: SteeringOrder, at now: Moment) throws(Status) -> Rollout {
    switch order {
    case .push(let request): try engine.push(request, at: now)
    case .steer(let request): try engine.steer(request, at: now)
    case .rollBack(let request): try engine.rollBack(request, at: now)
    }
  }
}
