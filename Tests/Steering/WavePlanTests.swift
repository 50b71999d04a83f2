import Testing

@testable import Steering

@Suite struct WavePlanTests {
  private func counts(_ sizes: [String], _ reachable: Int, _ others: Int = 0) throws -> [UInt32] {
    try WavePlan(sizes).deal(
      reachable: (0..<reachable).map { "host-\($0)" }, others: (0..<others).map { "away-\($0)" }, rollout: 1
    ).counts
  }

  @Test func sizesAreCumulativeAndTheLastIsEverything() throws {
    let standard = ["1", "5%", "25%", "100%"]
    #expect(try counts(standard, 1000) == [1, 50, 250, 1000])
    #expect(try counts(standard, 10) == [1, 3, 10])
    #expect(try counts(standard, 1) == [1])
    #expect(try counts(standard, 3) == [1, 3])
    #expect(try counts(["1"], 100) == [1, 100])
    #expect(try counts([], 100) == [100])
    #expect(try counts(["0.5%", "100%"], 1000) == [5, 1000])
    #expect(try counts(["50%", "20"], 10) == [5, 10])
  }

  @Test func hostsThatCannotBeReachedAreInTheLastWave() throws {
    #expect(try counts(["1", "50%", "100%"], 2, 8) == [1, 2, 10])
    #expect(try counts(["1", "50%", "100%"], 0, 8) == [8])
    let deal = try WavePlan(["1", "50%"]).deal(reachable: ["a", "b", "c"], others: ["d", "e"], rollout: 7)
    #expect(deal.wave["d"] == 2 && deal.wave["e"] == 2)
    #expect(Set(deal.wave.keys) == ["a", "b", "c", "d", "e"])
  }

  @Test func whoGoesFirstDependsOnTheRolloutAlone() throws {
    let hosts = (1...100).map { "host-\($0)" }
    let plan = try WavePlan(["1", "100%"])
    func first(_ rollout: UInt64, _ hosts: [String]) -> String? {
      plan.deal(reachable: hosts, others: [], rollout: rollout).wave.first { $0.value == 0 }?.key
    }
    #expect(first(1, hosts) == first(1, hosts.reversed()))
    #expect(Set((1...50).compactMap { first($0, hosts) }).count > 25)
  }
}
