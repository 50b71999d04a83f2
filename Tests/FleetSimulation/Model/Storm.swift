import GRPC
import VirtualTime

/// What goes wrong by itself, as the weather says, until it is over.
struct Storm {
  unowned let world: World

  func begin() {
    let weather = world.weather
    repeating(weather.cuts) { world, host in
      let isSilent = world.chance.happens(weather.silentCuts)
      world.machines[host].cut(silently: isSilent, for: world.chance.duration(weather.outage))
    }
    repeating(weather.crashes) { world, host in world.machines[host].crash() }
    repeating(weather.restarts) { world, host in world.machines[host].stop() }
    repeating(weather.rotations) { world, host in world.machines[host].process?.cable?.send(.goingAway) }
    repeating(weather.watchEnds) { world, host in
      world.machines[host].process?.cable?.aggregator?.breakWatch()
    }
    if let mean = weather.aggregatorCrashes { crashAggregator(mean) }
    for machine in world.machines { begin(machine) }
  }

  private func begin(_ machine: Machine) {
    let isLate = world.chance.happens(world.weather.lateHosts)
    let delay = world.chance.duration(.zero...(isLate ? .seconds(300) : .seconds(10)))
    world.timeline.after(delay) { machine.start() }
    guard world.chance.happens(world.weather.awayHosts) else { return }
    let world = world
    world.timeline.after(world.chance.duration(.seconds(5)...(.seconds(250)))) {
      guard !world.isHealing else { return }
      machine.cut(silently: false, for: world.chance.duration(.seconds(60)...(.seconds(600))))
    }
  }

  /// To some host each time; `mean` is that of one host.
  private func repeating(_ mean: Duration?, _ body: @escaping (World, Int) -> Void) {
    guard let mean else { return }
    let world = world
    let wait = world.chance.wait(mean: mean / world.machines.count)
    world.timeline.after(wait) {
      guard !world.isHealing else { return }
      body(world, Int.random(in: world.machines.indices, using: &world.chance))
      Storm(world: world).repeating(mean, body)
    }
  }

  private func crashAggregator(_ mean: Duration) {
    let world = world
    world.timeline.after(world.chance.wait(mean: mean)) {
      guard !world.isHealing else { return }
      world.aggregator?.crash()
      Storm(world: world).crashAggregator(mean)
    }
  }
}
