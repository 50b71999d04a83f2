import GRPC
import VirtualTime

/// A fleet in virtual time, made from one seed: collectors, an aggregator, a network between them, and weather.
/// What runs is the programs' own code from the samples to the hot tier: frame encoder, ring, uplink, link driver,
/// gRPC and HTTP/2 on both sides, ingest and control sessions, acknowledgements. Sockets, clocks and the kernel
/// are played.
final class Simulation {
  /// What a run saw.
  struct Outcome: Sendable {
    var seed: UInt64
    var weather: String
    /// The first thing that went wrong, and what led to it.
    var trouble: String?
    var lastLines: [String]
    var digest: UInt64
    var figures = Figures()
  }

  /// How much of what.
  struct Figures: Sendable {
    var frames = 0
    var stored = 0
    /// Frames that a superseded connection still brought.
    var refused: UInt64 = 0
    var missing: UInt64 = 0
    var dropped: UInt64 = 0
    var reconnects: UInt64 = 0
    var heartbeatTimeouts: UInt64 = 0
    /// Tables made anew without what is gone, and series that the aggregator let go of.
    var compactions: UInt64 = 0
    var released: UInt64 = 0
  }

  /// So long it may take, in good weather, until everything is acknowledged: a connection that died silently is
  /// noticed by three heartbeats (30 s), another attempt may be 30 s away, and one under way may last 10 s.
  static let settlingLimit = Duration.seconds(80)
  /// More than this without time passing, and time will never pass.
  static let maximumEventsAtOnce = 100_000
  /// So long a stop may take in good weather.
  static let stopLimit = Duration.seconds(3)

  private let seed: UInt64
  private var chance: Chance
  private let weather: Weather
  private let timeline = Timeline()
  private let journal: Journal
  private let truth: Truth
  private let network: Network
  private let aggregator: SimulatedAggregator
  private let collectors: [SimulatedCollector]
  private var isStormy = true

  init(seed: UInt64) {
    self.seed = seed
    var chance = Chance(seed: seed)
    let weather = Weather(&chance)
    let timeline = timeline
    let journal = Journal(timeline)
    let truth = Truth(hosts: weather.hosts)
    let network = Network(timeline, weather, seed: chance.next())
    aggregator = SimulatedAggregator(timeline, weather, truth, journal)
    network.listener = aggregator
    collectors = (0..<weather.hosts).map { host in
      SimulatedCollector(host, timeline, network, weather, truth, journal, seed: chance.next())
    }
    self.chance = chance
    self.weather = weather
    self.journal = journal
    self.truth = truth
    self.network = network
  }

  func run() -> Outcome {
    aggregator.start(remembering: true)
    for collector in collectors { collector.start() }
    brew()
    pass(weather.duration) { false }
    if journal.trouble == nil { settle() }
    timeline.clear()
    return outcome
  }

  /// Good weather: everything must be acknowledged, every collector stop, and all books be right.
  private func settle() {
    clearUp()
    pass(Self.settlingLimit) { collectors.allSatisfy(\.isIdle) }
    for collector in collectors {
      journal.expect(
        collector.isIdle, "not all acknowledged after \(Self.settlingLimit): \(collector.summary)")
      collector.stop()
    }
    pass(Self.stopLimit) { collectors.allSatisfy { !$0.isRunning } }
    for collector in collectors {
      journal.expect(!collector.isRunning, "not stopped after \(Self.stopLimit): \(collector.summary)")
    }
    aggregator.close()
    checkFates()
  }

  private func pass(_ duration: Duration, until isDone: () -> Bool) {
    timeline.run(until: timeline.now + duration) {
      journal.expect(
        timeline.eventsAtOnce < Self.maximumEventsAtOnce,
        "somebody is busy for ever: \(collectors.map(\.summary).joined(separator: "; "))")
      return journal.trouble != nil || isDone()
    }
  }

  // MARK: Weather

  private func brew() {
    for collector in collectors {
      let host = collector.host
      again(weather.cuts) { [network, journal] _ in
        journal.write("host \(host) is cut off")
        network.cut(host)
      }
      again(weather.collectorCrashes) { simulation in
        collector.crash()
        simulation.later(.seconds(3)) { collector.start() }
      }
      again(weather.collectorStops) { simulation in
        collector.stop()
        simulation.later(.seconds(5)) { collector.start() }
      }
      again(weather.suspends) { simulation in
        collector.suspend(for: simulation.chance.wait(mean: .seconds(15)))
      }
      again(weather.clockSteps) { simulation in
        let far = simulation.chance.happens(0.2) ? 7_200_000_000 : 3_000_000 as Int64
        collector.stepClock(by: Int64.random(in: -far...far, using: &simulation.chance))
      }
    }
    again(weather.aggregatorStops) { simulation in simulation.stopAggregator() }
  }

  private func stopAggregator() {
    let remembers = chance.happens(weather.remembering)
    if chance.happens(weather.drains) {
      aggregator.drain(within: .seconds(5))
      later(.seconds(5) + chance.wait(mean: .seconds(5))) { [aggregator] in
        aggregator.start(remembering: remembers)
      }
    } else {
      aggregator.crash()
      later(chance.wait(mean: .seconds(5))) { [aggregator] in aggregator.start(remembering: remembers) }
    }
  }

  /// Does it now and then, for as long as there is weather.
  private func again(_ mean: Duration?, _ body: @escaping (Simulation) -> Void) {
    guard let mean else { return }
    timeline.after(chance.wait(mean: mean)) { [weak self] in
      guard let self, self.isStormy else { return }
      body(self)
      self.again(mean, body)
    }
  }

  /// Up to twice as late as said, unless the weather clears before.
  private func later(_ mean: Duration, _ body: @escaping () -> Void) {
    timeline.after(chance.duration(.zero...mean * 2)) { [weak self] in
      if let self, self.isStormy { body() }
    }
  }

  /// Everything is well from now on, and nothing is sampled any more.
  private func clearUp() {
    journal.write("the weather clears")
    isStormy = false
    network.heal()
    if aggregator.isDraining { aggregator.crash() }
    aggregator.start(remembering: chance.happens(weather.remembering))
    for collector in collectors {
      collector.samples = false
      collector.heal()
      collector.start()
    }
  }

  // MARK: The end

  /// Every frame was stored, or counted as dropped, or lost with its collector.
  private func checkFates() {
    for (host, epochs) in truth.hosts.enumerated() {
      for (number, epoch) in epochs.enumerated() {
        for (index, fate) in epoch.fates.enumerated() where fate.stored == 0 && !fate.dropped {
          journal.fail("host \(host) frame \(number + 1)/\(index + 1) was neither stored nor dropped")
        }
      }
    }
  }

  private var outcome: Outcome {
    let fates = truth.hosts.joined().flatMap(\.fates)
    var outcome = Outcome(
      seed: seed, weather: weather.description, trouble: journal.trouble, lastLines: journal.lines,
      digest: journal.digest)
    outcome.figures.frames = fates.count
    outcome.figures.stored = fates.count { $0.stored > 0 }
    outcome.figures.refused = aggregator.refused
    outcome.figures.missing = aggregator.missing
    outcome.figures.dropped = collectors.reduce(0) { $0 + $1.droppedEver }
    outcome.figures.reconnects = collectors.reduce(0) { $0 + $1.reconnectsEver }
    outcome.figures.compactions = collectors.reduce(0) { $0 + $1.compactionsEver }
    outcome.figures.released = aggregator.released
    outcome.figures.heartbeatTimeouts = collectors.reduce(0) { $0 + $1.heartbeatTimeoutsEver }
    return outcome
  }
}
