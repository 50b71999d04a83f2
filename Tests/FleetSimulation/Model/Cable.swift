import GRPC
import VirtualTime

/// One connection between a collector and the aggregator: parcels arrive in order on each call, later, or not at
/// all.
final class Cable {
  /// How long a silent aggregator's end stays open: what its keepalive takes.
  static let keepalive: Duration = .seconds(40)

  private let world: World
  let host: Int
  private let latency: ClosedRange<Duration>
  weak var collector: CollectorProcess?
  weak var aggregator: AggregatorConnection?
  /// Nothing gets through any more.
  private(set) var isCut = false
  private var upDue = [Instant](repeating: Instant(nanoseconds: 0), count: 3)
  private var downDue = [Instant](repeating: Instant(nanoseconds: 0), count: 3)

  init(_ world: World, host: Int) {
    self.world = world
    self.host = host
    latency = world.weather.latency
  }

  func send(_ parcel: UpwardParcel) {
    guard !isCut else { return }
    let due = world.timeline.now + world.chance.duration(latency)
    upDue[parcel.lane] = max(upDue[parcel.lane], due)
    world.timeline.at(upDue[parcel.lane]) {
      if !self.isCut { self.aggregator?.receive(parcel) }
    }
  }

  func send(_ parcel: DownwardParcel) {
    guard !isCut else { return }
    let due = world.timeline.now + world.chance.duration(latency)
    downDue[parcel.lane] = max(downDue[parcel.lane], due)
    world.timeline.at(downDue[parcel.lane]) {
      if !self.isCut { self.collector?.receive(parcel, from: self) }
    }
  }

  /// The collector closes it: what it sent before still arrives.
  func closeByCollector() {
    collector = nil
    let due = max(upDue[0], upDue[1], upDue[2], world.timeline.now + world.chance.duration(latency))
    world.timeline.at(due) {
      self.isCut = true
      self.aggregator?.lost()
    }
  }

  /// If it is cut, both ends hear of it now.
  func breakIfCut() {
    guard isCut else { return }
    aggregator?.lost()
    collector?.lost("reset", self)
  }

  /// Nothing gets through any more, both ways, not even what is under way. A silent cut is heard of by whoever
  /// waits for an answer.
  func cut(silently: Bool) {
    guard !isCut else { return }
    isCut = true
    let notice = silently ? Self.keepalive : world.chance.duration(latency)
    world.timeline.after(notice) { self.aggregator?.lost() }
    guard !silently else { return }
    world.timeline.after(world.chance.duration(latency)) { self.collector?.lost("reset", self) }
  }
}
