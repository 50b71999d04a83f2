import GRPC
import Logging
import VirtualTime
import Wire

@testable import Collector

/// A host and the collector on it: what `CollectorLoop` is, without `poll`. The process may die, be stopped and
/// started; the machine may sleep, and its clock be set.
final class SimulatedCollector {
  /// One run of the program.
  private struct Process {
    let driver: LinkDriver
    let link: SimulatedLink
    var sampled: SampledHost
    var encoder = FrameEncoder()
    /// As of the last look.
    var firstSequence: UInt64 = 1
    var acknowledged: UInt64 = 0
    var dropped: UInt64 = 0
  }

  let host: Int
  private let timeline: Timeline
  private let network: Network
  private let weather: Weather
  private let truth: Truth
  private let journal: Journal
  private var chance: Chance
  private var process: Process?
  private var wallOffset: Int64
  private let bootOffset: Duration
  private var asleepUntil = Instant(nanoseconds: 0)
  private var armedFor: Instant?
  private var isStopping = false
  /// Whether it still samples.
  var samples = true
  /// Frames dropped by all runs; connections after each one's first; heartbeats that nobody answered.
  private(set) var droppedEver: UInt64 = 0
  private(set) var reconnectsEver: UInt64 = 0
  private(set) var heartbeatTimeoutsEver: UInt64 = 0
  private(set) var compactionsEver: UInt64 = 0

  init(
    _ host: Int, _ timeline: Timeline, _ network: Network, _ weather: Weather, _ truth: Truth,
    _ journal: Journal,
    seed: UInt64
  ) {
    self.host = host
    self.timeline = timeline
    self.network = network
    self.weather = weather
    self.truth = truth
    self.journal = journal
    chance = Chance(seed: seed)
    wallOffset = SimulatedAggregator.wallOrigin + Int64.random(in: -5_000_000...5_000_000, using: &chance)
    bootOffset = .seconds(Int64.random(in: 1...1_000_000, using: &chance))
    timeline.after(chance.duration(.zero...weather.interval)) { [weak self] in self?.sampleForEver() }
  }

  var isRunning: Bool { process != nil }

  /// Whether everything that was sampled is acknowledged.
  var isIdle: Bool { process.map { $0.driver.uplink.ring.isEmpty } ?? true }

  var summary: String {
    guard let uplink = process?.driver.uplink.state else { return "host \(host) not running" }
    return "host \(host) \(uplink)"
  }

  // MARK: The process's life

  func start() {
    guard process == nil else { return }
    let epoch = truth.begin(host: host)
    journal.write("host \(host) starts epoch \(epoch)")
    isStopping = false
    armedFor = nil
    let link = SimulatedLink(
      timeline, network, host: host, highWaterBytes: weather.highWaterBytes
    ) { [weak self] in self?.wake() }
    let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
    var settings = UplinkSettings()
    settings.ring = weather.ring
    settings.backoff.first = weather.firstWait
    settings.stableAfter = weather.stableAfter
    let uplink = Uplink(hello: hello(epoch), settings: settings, seed: chance.next())
    let driver = LinkDriver(
      uplink: uplink, link: link, log: ConnectionLog(logger: logger, target: "aggregator"))
    process = Process(driver: driver, link: link, sampled: SampledHost(series: weather.series, &chance))
    driver.start(descriptors: [], at: reading)
    afterwards()
  }

  func crash() {
    guard let process else { return }
    journal.write("host \(host) dies with \(process.driver.uplink.ring.count) frames")
    process.link.vanish()
    bury()
  }

  /// SIGTERM.
  func stop() {
    guard let process, !isStopping, !isAsleep else { return }
    journal.write("host \(host) is told to stop")
    isStopping = true
    process.driver.stop(reason: "SIGTERM", descriptors: process.sampled.descriptors, at: reading)
    afterwards()
  }

  // MARK: The machine's life

  /// Sleeps: nothing runs, and what comes waits.
  func suspend(for duration: Duration) {
    journal.write("host \(host) sleeps for \(duration)")
    asleepUntil = max(asleepUntil, timeline.now + duration)
    timeline.at(asleepUntil) { [weak self] in self?.wake() }
  }

  func stepClock(by microseconds: Int64) {
    journal.write("host \(host)'s clock is set by \(microseconds) us")
    wallOffset += microseconds
    process?.driver.wallClockWasSet()
  }

  /// No more sleep.
  func heal() {
    asleepUntil = timeline.now
    wake()
  }

  // MARK: Turns of the loop

  private var isAsleep: Bool { timeline.now < asleepUntil }

  private var reading: Moment {
    Moment(
      instant: timeline.now + bootOffset, wallMicroseconds: wallOffset + timeline.now.nanoseconds / 1000)
  }

  private func wake() {
    guard let process, !isAsleep else { return }
    process.driver.advance(
      revents: process.link.revents, descriptors: process.sampled.descriptors, at: reading)
    afterwards()
  }

  private func sampleForEver() {
    timeline.after(weather.interval) { [weak self] in self?.sampleForEver() }
    guard samples, !isAsleep, process != nil else { return }
    sample()
    afterwards()
  }

  private func sample() {
    process?.sampled.sample(&chance)
    if chance.happens(weather.replacements) { process?.sampled.replaceOne(&chance) }
    let ended = chance.happens(weather.compactions) ? compact() : nil
    guard let sampled = process?.sampled, let driver = process?.driver else { return }
    let now = reading
    var frame: [UInt8] = []
    sampled.values.withUnsafeBufferPointer { values in
      sampled.present.withUnsafeBufferPointer { present in
        _ = process?.encoder.encode(
          sequence: driver.uplink.nextSequence, wallTimeMicroseconds: now.wallMicroseconds,
          monotonicMicroseconds: UInt64(now.instant.nanoseconds / 1000), descriptors: sampled.descriptors,
          values: values, present: present, into: &frame)
      }
    }
    truth.add(
      Truth.Sample(wallMicroseconds: now.wallMicroseconds, values: sampled.values, present: sampled.present),
      sampled.descriptors, beginsDictionary: ended != nil, host: host)
    driver.collected(frame, descriptors: sampled.descriptors, ending: ended, at: now)
  }

  private func compact() -> [SeriesDescriptor]? {
    guard let ended = process?.sampled.compact() else { return nil }
    journal.write("host \(host) forgets \(ended.count - (process?.sampled.descriptors.count ?? 0)) series")
    process?.encoder = FrameEncoder()
    compactionsEver += 1
    return ended
  }

  /// After every turn: the books, and when to turn next.
  private func afterwards() {
    guard process != nil else { return }
    checkBooks()
    guard let process else { return }
    if process.driver.uplink.isStopped { return bury() }
    if process.link.revents != 0 { timeline.after(.zero) { [weak self] in self?.wake() } }
    guard let deadline = process.driver.nextDeadline else { return }
    let due = max(timeline.now, deadline - bootOffset)
    guard armedFor.map({ due < $0 || $0 <= timeline.now }) ?? true else { return }
    armedFor = due
    timeline.at(due) { [weak self] in
      guard let self, self.armedFor == due else { return }
      self.armedFor = nil
      self.wake()
    }
  }

  private func checkBooks() {
    guard var process else { return }
    let uplink = process.driver
    let collected = uplink.uplink.ring.collected
    let acknowledged = uplink.uplink.ring.acknowledged
    let dropped = uplink.uplink.ring.dropped
    let buffered = uplink.uplink.ring.count
    let sampled = truth.hosts[host].last?.samples.count ?? 0
    journal.expect(
      collected == sampled && collected == acknowledged + UInt64(buffered) + dropped,
      "host \(host): \(sampled) sampled, \(collected) = \(acknowledged) + \(buffered) + \(dropped)")
    let left = process.firstSequence..<uplink.uplink.ring.firstSequence
    if dropped > process.dropped {
      // Both at once cannot be told apart; a turn that samples hears of no acknowledgement.
      journal.expect(
        acknowledged == process.acknowledged, "host \(host): dropped and acknowledged in one turn")
      truth.dropped(left, host: host)
      journal.write("host \(host) drops \(left)")
    } else {
      for sequence in left where truth.storings(sequence, host: host) == 0 {
        journal.fail("host \(host): frame \(sequence) is acknowledged and was never stored")
      }
    }
    process.firstSequence = left.upperBound
    process.acknowledged = acknowledged
    process.dropped = dropped
    self.process = process
  }

  /// The process is no more, and with it what its ring held.
  private func bury() {
    guard let process else { return }
    let uplink = process.driver
    journal.write("host \(host) ended, \(uplink.uplink.ring.count) frames lost")
    truth.dropped(uplink.uplink.ring.firstSequence..<uplink.uplink.ring.nextSequence, host: host)
    droppedEver += uplink.uplink.ring.dropped
    reconnectsEver += uplink.uplink.counters.reconnects
    heartbeatTimeoutsEver += uplink.uplink.counters.heartbeatTimeouts
    self.process = nil
  }

  private func hello(_ epoch: UInt64) -> Hello {
    Hello(
      hostID: Truth.hostID(host), bootID: "boot-\(host)", epoch: epoch, instance: "host-\(host)",
      intervalMilliseconds: UInt32(weather.interval.microseconds / 1000), wallTimeMicroseconds: 0)
  }
}
