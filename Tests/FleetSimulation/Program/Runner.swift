import Dispatch
import FleetSimulation
import Glibc
import Synchronization

/// Deals the seeds out to threads, and says how it goes.
final class Runner: Sendable {
  private struct Tally {
    var next: UInt64
    var passed = 0
    var failed: [UInt64] = []
    var rollouts: [String: Int] = [:]
    var events = 0
    var hosts = 0
    var digest: UInt64 = 0
  }

  private let arguments: Arguments
  private let tally: Mutex<Tally>

  init(_ arguments: Arguments) {
    self.arguments = arguments
    tally = Mutex(Tally(next: arguments.firstSeed))
  }

  /// True if all passed.
  func run() -> Bool {
    let began = ContinuousClock.now
    DispatchQueue.concurrentPerform(iterations: arguments.trace ? 1 : arguments.threads) { _ in work() }
    let took = ContinuousClock.now - began
    return tally.withLock { tally in
      let seconds = took.components.seconds
      let outcomes = tally.rollouts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      print(
        "\(tally.events / 1000) thousand events in \(seconds) s; rollouts: \(outcomes.joined(separator: ", "))"
      )
      if arguments.seeds == 1 { print("digest \(String(tally.digest, radix: 16))") }
      if !tally.failed.isEmpty {
        print("failed: \(tally.failed.sorted().prefix(50).map(String.init).joined(separator: " "))")
      }
      print("\(tally.passed) passed, \(tally.failed.count) failed (\(arguments.hosts) hosts)")
      return tally.failed.isEmpty
    }
  }

  private func work() {
    while let seed = nextSeed() {
      note(FleetSimulation.run(seed: seed, hosts: arguments.hosts, trace: arguments.trace))
    }
  }

  private func nextSeed() -> UInt64? {
    tally.withLock { tally in
      guard tally.next - arguments.firstSeed < arguments.seeds else { return nil }
      defer { tally.next += 1 }
      return tally.next
    }
  }

  private func note(_ run: SimulatedRun) {
    tally.withLock { tally in
      tally.events += run.events
      tally.digest = run.digest
      for (step, outcome) in run.outcomes.enumerated() {
        tally.rollouts["\(step < 2 ? "good" : "bad") \(outcome)", default: 0] += 1
      }
      if run.complaints.isEmpty { tally.passed += 1 } else { tally.failed.append(run.seed) }
      tell(run, done: tally.passed + tally.failed.count)
      // Seen at once, also through a pipe.
      fflush(nil)
    }
  }

  private func tell(_ run: SimulatedRun, done: Int) {
    if !run.complaints.isEmpty {
      print("seed \(run.seed) FAILED; again: muster-simulate --seed \(run.seed) --hosts \(run.hosts) --trace")
      for complaint in run.complaints.prefix(5) { print("  \(complaint)") }
    }
    if done % max(1, Int(arguments.seeds) / 20) == 0 { print("\(done) of \(arguments.seeds)") }
  }
}
