import Glibc
import Testing

/// A whole fleet in virtual time, from a seed. A seed that fails fails always:
///
///     MUSTER_SIMULATION_SEED=17 swift test --filter Simulation     that one (MUSTER_SIMULATION_TRACE=1: all it does)
///     MUSTER_SIMULATION_SEEDS=5000 swift test --filter Simulation  so many
@Suite struct SimulationTests {
  static let defaultSeeds: UInt64 = 80
  /// Runs at a time.
  static let workers: UInt64 = 4

  @Test func everyFrameArrivesOnceAndInOrder() async {
    if let seed = number("MUSTER_SIMULATION_SEED") {
      let outcome = Simulation(seed: seed).run()
      print("seed \(seed): \(outcome.weather)\n\(outcome.figures)")
      report(outcome)
      return
    }
    let seeds = number("MUSTER_SIMULATION_SEEDS") ?? Self.defaultSeeds
    let all = await run(seeds: seeds)
    print("\(seeds) seeds: \(all)")
    guard seeds >= Self.defaultSeeds else { return }
    // A simulation in which nothing goes wrong says nothing.
    #expect(all.frames > 1000 && all.stored > 1000)
    #expect(all.refused > 0 && all.missing > 0 && all.dropped > 0)
    #expect(all.compactions > 100 && all.released > 100)
    #expect(all.reconnects > 0 && all.heartbeatTimeouts > 0)
  }

  @Test(arguments: [1, 2, 3, 5, 8] as [UInt64])
  func aSeedReplaysExactly(_ seed: UInt64) {
    #expect(Simulation(seed: seed).run().digest == Simulation(seed: seed).run().digest)
  }

  /// Runs seeds 1 and up, several at a time, and reports each that fails.
  private func run(seeds: UInt64) async -> Simulation.Figures {
    await withTaskGroup(of: [Simulation.Outcome].self) { group in
      for worker in 0..<Self.workers {
        group.addTask {
          var outcomes: [Simulation.Outcome] = []
          for seed in stride(from: 1 + worker, through: seeds, by: Int(Self.workers)) {
            outcomes.append(Simulation(seed: seed).run())
            // The tests of real connections, with real timeouts, share these threads.
            await Task.yield()
          }
          return outcomes
        }
      }
      var sum = Simulation.Figures()
      for await outcomes in group {
        for outcome in outcomes {
          report(outcome)
          sum.add(outcome.figures)
        }
      }
      return sum
    }
  }

  private func report(_ outcome: Simulation.Outcome) {
    guard let trouble = outcome.trouble else { return }
    Issue.record(
      """
      seed \(outcome.seed): \(trouble)
      \(outcome.weather)
      \(outcome.lastLines.joined(separator: "\n"))
      replay: MUSTER_SIMULATION_SEED=\(outcome.seed) swift test --filter Simulation
      """)
  }

  private func number(_ variable: String) -> UInt64? {
    getenv(variable).flatMap { UInt64(String(cString: $0)) }
  }
}

extension Simulation.Figures {
  fileprivate mutating func add(_ other: Self) {
    frames += other.frames
    stored += other.stored
    refused += other.refused
    missing += other.missing
    dropped += other.dropped
    reconnects += other.reconnects
    heartbeatTimeouts += other.heartbeatTimeouts
    compactions += other.compactions
    released += other.released
  }
}
