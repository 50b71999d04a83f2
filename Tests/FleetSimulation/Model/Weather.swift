import Collector
import VirtualTime
import Wire

/// What a run is like: how fast, and how often what goes wrong. Drawn from the seed.
struct Weather: CustomStringConvertible {
  /// How often hosts sample by their own settings.
  var interval: Duration = .seconds(10)
  /// From one end of a connection to the other.
  var latency: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(20))
  /// From an event at the aggregator to its steering.
  var hop: Duration = .zero
  /// How long a transaction takes, and how often it comes to nothing.
  var commit: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(10))
  var commitFailures = 0.0

  /// Mean time between two cuts of one host's connection. Nil: never.
  var cuts: Duration?
  /// Of those, how many no end hears of.
  var silentCuts = 0.0
  /// How long no connection comes about after a cut.
  var outage: ClosedRange<Duration> = .zero...(.seconds(3))
  /// Mean time between two crashes, and between two restarts in good order, of one host's collector.
  var crashes: Duration?
  var restarts: Duration?
  /// How often a collector crashes at a step of a trial: before and after what is written, before and after
  /// what is applied.
  var stepCrashes = 0.0
  /// How often a collector's disk does not take what is to be written.
  var diskFailures = 0.0
  /// Mean time between two crashes of the aggregator; and how often it crashes at a send.
  var aggregatorCrashes: Duration?
  var sendCrashes = 0.0
  /// How long it is down.
  var aggregatorDown: ClosedRange<Duration> = .milliseconds(200)...(.seconds(20))
  /// Mean time between two requests that a host connect anew, and between two ends of its Watch alone.
  var rotations: Duration?
  var watchEnds: Duration?

  /// Shares of the hosts: slow ones, those that are away for long once, those that come late for the first time.
  var slowHosts = 0.0
  var pace: ClosedRange<Duration> = .milliseconds(200)...(.seconds(4))
  var awayHosts = 0.0
  var lateHosts = 0.0

  /// How often, with a sample, a collector begins a new dictionary, and so a new stream.
  var compactions = 0.0

  /// How often an operator who looks at a rollout pauses it.
  var pauses = 0.0

  /// Nothing goes wrong: the good rollouts must complete.
  var isFair = false

  /// What the seed says.
  init(_ chance: inout Chance) {
    interval = chance.one(of: [.seconds(10), .seconds(10), .seconds(15), .seconds(20)])
    latency = .microseconds(100)...chance.one(of: [.milliseconds(5), .milliseconds(100), .seconds(1)])
    hop = chance.one(of: [.zero, .milliseconds(1), .milliseconds(50)])
    commit = .microseconds(500)...chance.one(of: [.milliseconds(5), .milliseconds(40), .milliseconds(800)])
    pauses = chance.one(of: [0, 0.02, 0.1])
    isFair = chance.happens(0.12)
    compactions = chance.one(of: [0, 0.01, 0.2])
    if !isFair { makeBad(&chance) }
  }

  private mutating func makeBad(_ chance: inout Chance) {
    commitFailures = chance.one(of: [0, 0, 0, 0.02, 0.3])
    cuts = chance.one(of: [nil, .seconds(60), .seconds(300), .seconds(300), .seconds(1200)])
    silentCuts = chance.one(of: [0, 0.1, 0.5])
    outage = .zero...chance.one(of: [.seconds(1), .seconds(10), .seconds(45)])
    crashes = chance.one(of: [nil, .seconds(200), .seconds(1000), .seconds(4000)])
    restarts = chance.one(of: [nil, nil, .seconds(300), .seconds(2000)])
    stepCrashes = chance.one(of: [0, 0, 0.002, 0.02])
    diskFailures = chance.one(of: [0, 0, 0, 0.01])
    aggregatorCrashes = chance.one(of: [nil, .seconds(30), .seconds(80), .seconds(200)])
    sendCrashes = aggregatorCrashes == nil ? 0 : chance.one(of: [0, 0.0005, 0.005])
    rotations = chance.one(of: [nil, .seconds(200), .seconds(1000)])
    watchEnds = chance.one(of: [nil, .seconds(200), .seconds(1000)])
    slowHosts = chance.one(of: [0, 0.05, 0.3])
    awayHosts = chance.one(of: [0, 0.05, 0.2])
    lateHosts = chance.one(of: [0, 0.02, 0.2])
  }

  var description: String {
    """
    every \(interval), latency to \(latency.upperBound), hop \(hop), commits to \(commit.upperBound) failing \(commitFailures), \
    cuts \(Self.text(cuts)) silent \(silentCuts) outage to \(outage.upperBound), crashes \(Self.text(crashes)) \
    and at steps \(stepCrashes), restarts \(Self.text(restarts)), disk \(diskFailures), \
    aggregator crashes \(Self.text(aggregatorCrashes)) and at sends \(sendCrashes), \
    rotations \(Self.text(rotations)), ends of Watches \(Self.text(watchEnds)), \
    slow \(slowHosts), away \(awayHosts), late \(lateHosts), pauses \(pauses), compactions \(compactions)
    """
  }

  private static func text(_ mean: Duration?) -> String { mean.map { "\($0)" } ?? "never" }
}
