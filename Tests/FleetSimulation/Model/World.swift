import GRPC
import VirtualTime
import Wire

/// Everything that a run consists of.
final class World {
  /// Somewhere in 2025; only differences mean anything.
  private static let wallOrigin: Int64 = 1_763_000_000_000_000

  let seed: UInt64
  let weather: Weather
  let timeline = Timeline()
  let journal: Journal
  let documents: Documents
  var chance: Chance
  private(set) var machines: [Machine] = []
  private(set) var aggregator: AggregatorProcess?
  private(set) lazy var store = SimulatedStore(self)
  private(set) lazy var witness = Witness(self)
  /// The weather is over: nothing goes wrong any more.
  private(set) var isHealing = false
  private(set) var aggregatorUpSince = Instant(nanoseconds: 0)
  private var isOver = false

  init(seed: UInt64, hosts: Int, isTold: Bool) {
    self.seed = seed
    chance = Chance(seed: seed)
    weather = Weather(&chance)
    documents = Documents(weather, &chance)
    journal = Journal(timeline, isTold: isTold)
    machines = (0..<hosts).map { Machine(self, $0) }
    if isTold { print("seed \(seed): \(hosts) hosts \(weather); \(documents)") }
  }

  var moment: Moment {
    Moment(instant: timeline.now, wallMicroseconds: Self.wallOrigin + timeline.now.nanoseconds / 1000)
  }

  /// More happens at one instant than ever has a reason.
  var isStuck: Bool { timeline.eventsAtOnce > 1_000_000 }

  /// Whether something happens that is only to happen in bad weather.
  func strikes(_ probability: Double) -> Bool {
    !isHealing && probability > 0 && chance.happens(probability)
  }

  func startAggregator() {
    guard !isOver, aggregator?.isRunning != true else { return }
    aggregatorUpSince = timeline.now
    aggregator = AggregatorProcess(self)
  }

  /// Whether the aggregator crashes at this very send.
  func crashesAtSend() -> Bool {
    guard strikes(weather.sendCrashes) else { return false }
    aggregator?.crash()
    return true
  }

  func aggregatorDied() {
    timeline.after(chance.duration(weather.aggregatorDown)) { self.startAggregator() }
  }

  /// From now on nothing goes wrong, everybody is there, and everybody can reach everybody.
  func heal() {
    journal.note(-1, .heals)
    isHealing = true
    for machine in machines { machine.heal() }
  }

  /// Lets go of everything: the parts of a run hold each other.
  func end() {
    isOver = true
    for machine in machines { machine.vanish() }
    machines = []
    aggregator?.end()
    aggregator = nil
    timeline.clear()
  }
}
