// A fleet in virtual time: collectors, cables, an aggregator with its disk, operators, and whatever can go wrong.
//
// Real are the parts that decide: of the collector `Uplink` and `ConfigKeeper`, with `FrameEncoder` and the ring;
// of the aggregator `Fleet`, `ControlSession`, `IngestSession`, `HostKeeper`, and `SteeringDesk` with its engine, its
// commits and its reading of collectors' health. Played are the parts that do: cables carry messages as values, the
// disk keeps what was committed, processes crash between any two steps.
//
//     operators ─► SteeringDesk ─► SimulatedStore ─► offers, confirmations
//                      ▲                                   │
//      AggregatorConnection ◄──────── Cable ◄──────────────┘
//      (ControlSession, IngestSession)  │
//                                       ▼
//                     CollectorProcess (Uplink, ConfigKeeper) on a Machine with a disk
//
// A run is a function of its seed: the seed says the weather, and every chance comes from it. Three rollouts are
// pushed, the last of them bad; then everything heals. `Witness` judges while it goes, `FinalCheck` in the end.
import GRPC
import VirtualTime
public import Wire

/// What became of a run.
public struct SimulatedRun: Sendable {
  /// The run's seed.
  public let seed: UInt64
  /// How many hosts the fleet has.
  public let hosts: Int
  /// What was wrong, the first of it first; empty: nothing.
  public var complaints: [String] = []
  /// How the rollouts ended.
  public var outcomes: [RolloutState] = []
  /// Offers that were sent.
  public var offers = 0
  /// Confirmations that were sent.
  public var confirms = 0
  /// How long it took in the run's own time.
  public var duration: Duration = .zero
  /// Events that it was made of.
  public var events = 0
  /// Of all that happened: equal runs have equal ones.
  public var digest: UInt64 = 0
}

/// Simulated fleets.
public enum FleetSimulation {
  /// When operators must be done with their work, and how long everything may take to come right afterwards.
  private static let workTime: Duration = .seconds(1800)
  private static let healingTime: Duration = .seconds(600)
  /// For how long it must stay right.
  private static let quietTime: Duration = .seconds(20)

  /// Runs one fleet.
  ///
  /// - Parameter trace: print what happens.
  public static func run(seed: UInt64, hosts: Int, trace: Bool = false) -> SimulatedRun {
    let world = World(seed: seed, hosts: hosts, isTold: trace)
    world.startAggregator()
    Storm(world: world).begin()
    let operators = Operators(world)
    operators.begin()
    world.timeline.run(until: world.timeline.now + workTime, unless: { operators.isDone || world.isStuck })
    world.heal()
    var problems: [String] = ["not looked at"]
    let deadline = world.timeline.now + healingTime
    while !problems.isEmpty, world.timeline.now < deadline {
      world.timeline.run(until: world.timeline.now + .seconds(5), unless: { world.isStuck })
      if world.isStuck {
        world.journal.complain("time stands still: something goes round and round")
        break
      }
      problems = FinalCheck(world: world, outcomes: operators.outcomes).problems
    }
    if problems.isEmpty {
      world.timeline.run(until: world.timeline.now + quietTime)
      problems = FinalCheck(world: world, outcomes: operators.outcomes).problems
    }
    for problem in problems { world.journal.complain("in the end \(problem)") }
    defer { world.end() }
    return result(of: world, operators)
  }

  private static func result(of world: World, _ operators: Operators) -> SimulatedRun {
    var run = SimulatedRun(seed: world.seed, hosts: world.machines.count)
    run.complaints = world.journal.complaints
    run.outcomes = operators.outcomes
    (run.offers, run.confirms) = (world.witness.offers, world.witness.confirms)
    run.duration = world.timeline.now - Instant(nanoseconds: 0)
    run.events = world.timeline.eventsEver
    run.digest = world.journal.digest
    return run
  }
}
