import FleetSimulation
import Testing
import Wire

/// A few of the runs that `make simulate` does by the thousand.
@Suite struct FleetSimulationTests {
  @Test(arguments: 1...6) func everyHostEndsOnTheRightVersion(_ seed: UInt64) async {
    let run = FleetSimulation.run(seed: seed, hosts: 25)
    #expect(run.complaints == [], "muster-simulate --seed \(seed) --hosts 25 --trace")
    #expect(run.outcomes.last == .rolledBack)
    await Task.yield()
  }

  @Test func aRunIsAFunctionOfItsSeed() async {
    let first = FleetSimulation.run(seed: 7, hosts: 15)
    await Task.yield()
    let second = FleetSimulation.run(seed: 7, hosts: 15)
    await Task.yield()
    let other = FleetSimulation.run(seed: 8, hosts: 15)
    #expect(first.digest == second.digest)
    #expect(first.digest != other.digest)
    #expect(first.offers > 0)
    #expect(first.confirms > 0)
  }
}
