import Collector
import GRPC
import Steering
import VirtualTime
import Wire

/// How everything must stand in the end.
struct FinalCheck {
  let world: World
  let outcomes: [RolloutState]

  /// What is not as it must be; empty: all is.
  var problems: [String] {
    rollouts + world.machines.compactMap { machine in problem(of: machine).map { "\(machine.name) \($0)" } }
  }

  private var rollouts: [String] {
    let steps = world.documents.steps
    var problems: [String] = []
    for rollout in world.store.steering.rollouts.values where !rollout.isOver {
      problems.append("rollout \(rollout.id) is not over: \(rollout.state)")
    }
    for (step, outcome) in zip(steps, outcomes) {
      if !step.isGood, outcome != .rolledBack { problems.append("the bad rollout is \(outcome)") }
      if step.isGood, world.weather.isFair, outcome != .completed {
        problems.append("in fair weather a good rollout is \(outcome)")
      }
    }
    for rollout in world.store.steering.rollouts.values {
      let current = world.store.steering.layers[rollout.selector]?.current ?? 0
      let newest = world.store.steering.rollouts.values.filter {
        $0.selector == rollout.selector && $0.state == .completed
      }.max { $0.id < $1.id }
      if current != newest?.version ?? 0 {
        problems.append("layer \"\(rollout.selector)\" has version \(current) after rollout \(rollout.id)")
      }
    }
    if outcomes.count < steps.count { problems.append("only \(outcomes.count) rollouts came to an end") }
    return problems
  }

  private func problem(of machine: Machine) -> String? {
    guard let process = machine.process else { return "does not run" }
    let sight = world.witness.sights[machine.index]
    let running = process.keeper.runningSHA256
    let name = Witness.short(running)
    if sight.isDiskFull, sight.watches > 0 { return nil }
    if world.documents.isPoison(running) { return "runs the bad config \(name)" }
    if let good = process.keeper.record.good, world.documents.isPoison(good.sha256) {
      return "has the bad config as its last good one"
    }
    guard sight.watches > 0 else { return "does not watch" }
    let silence = process.interval * 2 + .seconds(5)
    if world.timeline.now - sight.lastFrame > silence { return "sends no frames" }
    if world.timeline.now - sight.lastEvent > .seconds(65) { return "sends no heartbeats" }
    if sight.stamp != running { return "runs \(name), and its frames say \(Witness.short(sight.stamp))" }
    return wrongVersion(machine, process, running)
  }

  private func wrongVersion(_ machine: Machine, _ process: CollectorProcess, _ running: [UInt8]) -> String? {
    let name = Witness.short(running)
    if process.keeper.record.trial != nil { return "is not confirmed \(name)" }
    let expected = world.witness.expected(for: machine)
    if running == expected || expected.isEmpty && running == Self.nothing {
      return standing(machine, running)
    }
    // It failed there, and the host said so at its Watch or since: it stays on what it had. What it once ran cannot
    // have failed.
    let wanted = expected.isEmpty ? Self.nothing : expected
    let sight = world.witness.sights[machine.index]
    let isKnown = sight.unwanted.contains(wanted) || sight.failed.contains(wanted)
    let isOver = process.keeper.standing?.failed.contains(wanted) == true && !sight.kept.contains(wanted)
    if isKnown, isOver { return nil }
    return "runs \(name) and is to run \(Witness.short(expected)): \(process.keeper.status)"
  }

  private func standing(_ machine: Machine, _ running: [UInt8]) -> String? {
    let stored = world.store.steering.hostConfigs[machine.hostID]
    guard !running.isEmpty, stored?.state != .verified || stored?.sha256 != running else { return nil }
    return "runs \(Witness.short(running)), and the aggregator says \(stored?.state ?? .unknown)"
  }

  /// The config that says nothing.
  static let nothing = SHA256.digest(of: ConfigLayers([]).merged.packed)
}
