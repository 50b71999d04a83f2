import GRPC
import VirtualTime

/// What answers connections.
protocol Listener: AnyObject {
  /// Takes the server's side of a new connection; false: nobody listens.
  func accept(_ cable: Cable, from peer: String) -> Bool
}

/// How well bytes travel at the moment.
final class Conditions {
  private(set) var latency: ClosedRange<Duration>
  private(set) var bytesPerSecond: Int
  let socketBytes: Int
  let pieces: Int

  init(_ weather: Weather) {
    latency = weather.latency
    bytesPerSecond = weather.bytesPerSecond
    socketBytes = weather.socketBytes
    pieces = weather.pieces
  }

  func heal() {
    latency = .microseconds(100)...(.milliseconds(10))
    bytesPerSecond = max(bytesPerSecond, 1_000_000)
  }
}

/// What lies between the hosts and the aggregator.
final class Network {
  weak var listener: (any Listener)?
  private let timeline: Timeline
  private let weather: Weather
  private let conditions: Conditions
  private var chance: Chance
  /// The open cable of each host, and until when the host reaches nobody.
  private var cables: [Cable?]
  private var unreachable: [(until: Instant, silently: Bool)]
  private var nextPort = 40_000

  init(_ timeline: Timeline, _ weather: Weather, seed: UInt64) {
    self.timeline = timeline
    self.weather = weather
    conditions = Conditions(weather)
    chance = Chance(seed: seed)
    cables = Array(repeating: nil, count: weather.hosts)
    unreachable = Array(repeating: (Instant(nanoseconds: 0), false), count: weather.hosts)
  }

  /// Tells `done`, some time later, of a connection, or why there is none.
  func connect(from host: Int, _ done: @escaping (Cable?, String) -> Void) {
    let delay = chance.duration(conditions.latency)
    if timeline.now < unreachable[host].until {
      let (reason, wait) =
        unreachable[host].silently ? ("timed out", .seconds(10)) : ("no route to host", delay)
      timeline.after(wait) { done(nil, reason) }
      return
    }
    let seed = chance.next()
    timeline.after(delay) { [self] in
      let cable = Cable(timeline, conditions, seed: seed)
      nextPort += 1
      guard let listener, listener.accept(cable, from: "192.0.2.\(host + 1):\(nextPort)") else {
        return done(nil, "connection refused")
      }
      cables[host] = cable
      done(cable, "")
    }
  }

  /// Cuts the host off for a while.
  func cut(_ host: Int) {
    let silently = chance.happens(weather.silentCuts)
    cables[host]?.cut(silently: silently)
    cables[host] = nil
    unreachable[host] = (timeline.now + chance.wait(mean: weather.outage), silently)
  }

  /// Everybody reaches everybody from now on, and quickly. What was cut stays cut.
  func heal() {
    conditions.heal()
    for host in unreachable.indices { unreachable[host].until = timeline.now }
  }
}
