import Aggregator
import GRPC
import Steering
import VirtualTime
import Wire

/// People at terminals: they roll out one document after the other, pause, resume, and lose patience.
///
/// They see what is on the aggregator's disk, and ask again when they got no answer.
final class Operators {
  private static let glance: Duration = .seconds(2)

  private unowned let world: World
  private(set) var step = 0
  /// How each step ended.
  private(set) var outcomes: [RolloutState] = []
  private var resting: Instant
  private var resumeAt: Instant?
  private var patience: Instant?

  init(_ world: World) {
    self.world = world
    resting = world.timeline.now + .seconds(20)
  }

  /// All steps are over.
  var isDone: Bool { step >= world.documents.steps.count }

  func begin() {
    world.timeline.after(Self.glance) {
      self.look()
      if !self.isDone { self.begin() }
    }
  }

  private func look() {
    guard !isDone, resting <= world.timeline.now else { return }
    let message = "step \(step)"
    guard let rollout = world.store.steering.rollouts.values.first(where: { $0.message == message }) else {
      return push(message)
    }
    guard !rollout.isOver else {
      outcomes.append(rollout.state)
      step += 1
      patience = nil
      resumeAt = nil
      resting = world.timeline.now + world.chance.duration(.seconds(2)...(.seconds(15)))
      return
    }
    attend(rollout)
  }

  private func push(_ message: String) {
    let step = world.documents.steps[step]
    // An aggregator that has just been started does not know yet what collectors cost.
    if !step.isGood, world.documents.poison == .cpu,
      world.aggregatorUpSince + .seconds(60) > world.timeline.now
    {
      return
    }
    order(
      .push(
        PushConfigRequest(
          selector: step.selector, yaml: step.yaml, file: "document", author: "ann", message: message,
          plan: step.plan)))
  }

  private func attend(_ rollout: StoredRollout) {
    let now = world.timeline.now
    let patience = self.patience ?? now + .seconds(300)
    self.patience = patience
    if patience <= now, rollout.state != .rollingBack { return steer(.abort, rollout) }
    if rollout.state == .paused {
      if resumeAt ?? now <= now { steer(.resume, rollout) }
    } else if world.strikes(world.weather.pauses), rollout.state != .rollingBack {
      resumeAt = now + world.chance.duration(.seconds(1)...(.seconds(30)))
      steer(.pause, rollout)
    } else if rollout.state == .soaking, world.documents.steps[step].isGood, world.chance.happens(0.01) {
      world.witness.waves[rollout.id, default: WaveOrder()].wasPromoted = true
      steer(.promote, rollout)
    }
  }

  private func steer(_ action: RolloutAction, _ rollout: StoredRollout) {
    order(.steer(SteerRolloutRequest(id: rollout.id, action: action, author: "ann")))
  }

  private func order(_ order: SteeringOrder) {
    guard let aggregator = world.aggregator, aggregator.isRunning else { return }
    world.journal.note(-1, .isOrdered, "\(order)")
    nonisolated(unsafe) let world = world
    aggregator.desk.order(order, by: Asker(author: "ann", address: "")) { answer in
      guard case .failure(let status) = answer else { return }
      world.journal.note(-1, .refuses, "\(status)")
    }
  }
}
