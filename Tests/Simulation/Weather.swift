import Collector
import VirtualTime

/// What a run is like: how fast, how far, and how often what goes wrong. Drawn from the seed.
struct Weather: CustomStringConvertible {
  var hosts = 2
  /// How often a host samples.
  var interval: Duration = .seconds(1)
  /// How long there is weather; afterwards everything is healthy.
  var duration: Duration = .seconds(120)

  /// From one end of a connection to the other.
  var latency: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(50))
  var bytesPerSecond = 1_000_000
  /// What a socket takes before it is full.
  var socketBytes = 64 << 10
  /// What a collector hands to gRPC before it waits, in bytes.
  var highWaterBytes = 64 << 10
  /// Into how many pieces a write falls on its way, at most.
  var pieces = 3

  /// Mean time between two, per host (the aggregator's: all in all). Nil: never.
  var cuts: Duration?
  /// Of those, how many are silent: no end hears of it.
  var silentCuts = 0.2
  /// How long no connection comes about after a cut.
  var outage: Duration = .seconds(2)
  var aggregatorStops: Duration?
  /// Of those, how many are orderly (GOAWAY), and after how many the new one knows what the old one did.
  var drains = 0.3
  var remembering = 0.3
  var collectorCrashes: Duration?
  var collectorStops: Duration?
  var suspends: Duration?
  var clockSteps: Duration?

  var ring = FrameRingLimits()
  /// The first wait before connecting again, at most, and how long a connection must hold to be a good one.
  var firstWait = BackoffLimits().first
  var stableAfter = UplinkSettings().stableAfter
  /// Series of a host.
  var series = 12
  /// How often, with each sample, one of them is over for ever, and the host forgets all that are gone.
  var replacements = 0.0
  var compactions = 0.0
  /// How long the aggregator keeps frames; nil: for ever.
  var retention: Duration?

  /// What the seed says.
  init(_ chance: inout Chance) {
    hosts = Int.random(in: 1...3, using: &chance)
    interval = chance.one(of: [.milliseconds(200), .seconds(1), .seconds(1), .seconds(5)])
    duration = max(.seconds(60), interval * Int.random(in: 80...160, using: &chance))
    latency = .microseconds(100)...chance.one(of: [.milliseconds(2), .milliseconds(80), .seconds(2)])
    bytesPerSecond = chance.one(of: [500, 5_000, 1_000_000, 1_000_000])
    socketBytes = chance.one(of: [300, 4_000, 64_000])
    highWaterBytes = chance.one(of: [200, 64 << 10])
    pieces = chance.one(of: [1, 3, 40])
    cuts = chance.one(of: [nil, .seconds(4), .seconds(20), .seconds(20), .seconds(60)])
    silentCuts = chance.one(of: [0, 0.2, 0.6])
    outage = chance.one(of: [.zero, .seconds(2), .seconds(15)])
    aggregatorStops = chance.one(of: [nil, .seconds(20), .seconds(60)])
    drains = chance.one(of: [0, 0.5, 1])
    remembering = chance.one(of: [0, 0.5, 1])
    collectorCrashes = chance.one(of: [nil, nil, .seconds(60)])
    collectorStops = chance.one(of: [nil, nil, .seconds(60)])
    suspends = chance.one(of: [nil, nil, .seconds(40)])
    clockSteps = chance.one(of: [nil, .seconds(30)])
    ring.maximumFrames = chance.one(of: [5, 40, 100_000, 100_000])
    ring.maximumBytes = chance.one(of: [1_500, 4 << 20, 4 << 20])
    series = chance.one(of: [1, 8, 30])
    replacements = chance.one(of: [0, 0.05, 0.3])
    compactions = chance.one(of: [0, 0.02, 0.3])
    retention = chance.one(of: [nil, .zero, .seconds(20)])
    switch Int.random(in: 0..<5, using: &chance) {
    case 0: makeTight(&chance)
    case 1: makeHasty(&chance)
    default: break
    }
  }

  /// A line that takes less than is sampled, and a ring that soon is full: frames are dropped while they stream.
  private mutating func makeTight(_ chance: inout Chance) {
    cuts = chance.one(of: [nil, .seconds(60)])
    aggregatorStops = nil
    interval = .milliseconds(200)
    duration = .seconds(60)
    bytesPerSecond = 500
    socketBytes = 300
    highWaterBytes = 200
    ring.maximumFrames = chance.one(of: [5, 40])
    series = 30
  }

  /// Collectors that are back before what they sent on the old connection has arrived.
  private mutating func makeHasty(_ chance: inout Chance) {
    interval = .milliseconds(50)
    duration = .seconds(30)
    latency = .milliseconds(1)...(.milliseconds(300))
    cuts = .seconds(6)
    silentCuts = 0
    outage = .zero
    firstWait = .milliseconds(1)
    stableAfter = .zero
    aggregatorStops = nil
    ring = FrameRingLimits()
    guard chance.happens(0.5) else { return }
    // An opening frame that fills the line, and small ones before it that were many.
    series = 30
    highWaterBytes = 200
    socketBytes = 700
  }

  var description: String {
    """
    \(hosts) hosts every \(interval) for \(duration), \(series) series, of which \(replacements) end, forgotten \
    \(compactions), kept \(Self.text(retention)); latency to \(latency.upperBound), \
    \(bytesPerSecond) B/s, socket \(socketBytes) B and \(highWaterBytes) B before it, in \(pieces) pieces; cuts \(Self.text(cuts)), \
    \(silentCuts) silent, outage \(outage); aggregator stops \(Self.text(aggregatorStops)), \(drains) drain, \
    \(remembering) remember; collector crashes \(Self.text(collectorCrashes)), \
    stops \(Self.text(collectorStops)), suspends \(Self.text(suspends)), \
    clock steps \(Self.text(clockSteps)); first wait \(firstWait), stable after \(stableAfter); ring \(ring.maximumFrames) frames, \(ring.maximumBytes) B
    """
  }

  private static func text(_ mean: Duration?) -> String { mean.map { "\($0)" } ?? "never" }
}
