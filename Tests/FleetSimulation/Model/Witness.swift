import Collector
import GRPC
import Sampling
import Selection
import Steering
import VirtualTime
import Wire

/// Sees everything, and knows what must never be.
///
/// It judges by what went over the cables and what is on the disks, never by what the engine believes.
final class Witness {
  /// What is known of one host.
  struct Sight {
    /// Open Watches: for a moment two, when one has taken the place of another that nobody has heard of yet.
    var watches = 0
    var watchingSince = Instant(nanoseconds: 0)
    /// What it said at its Watch that it is not to be sent, and what it was sent since.
    var unwanted: [[UInt8]] = []
    var lastOnWatch: [UInt8] = []
    /// Something else was meant for it since, though that may be over before it could be sent.
    var wasMeantOther = false
    /// When what was sent to it last, and when frames stamped with what arrived last.
    var sent: [[UInt8]: Instant] = [:]
    var stamped: [[UInt8]: Instant] = [:]
    /// What its frames say that it runs.
    var stamp: [UInt8] = []
    /// What the aggregator heard that failed here.
    var failed: Set<[UInt8]> = []
    /// How often it began to try what, and when it began last.
    var trials: [[UInt8]: Int] = [:]
    var triedAt = Instant(nanoseconds: 0)
    var onTrial: [UInt8]?
    /// What it ever ran to stay.
    var kept: Set<[UInt8]> = []
    /// Its disk did not take what was to be written, so that it gave a config up.
    var isDiskFull = false
    /// Every hash that was ever written down for it.
    var written: Set<[UInt8]> = []
    var lastFrame = Instant(nanoseconds: 0)
    var lastEvent = Instant(nanoseconds: 0)
  }

  unowned let world: World
  var sights: [Sight]
  private var indexes: [String: Int] = [:]
  var waves: [UInt64: WaveOrder] = [:]
  /// Of what was worked out already.
  var hashes: [[UInt64]: [UInt8]] = [:]
  var selectors: [String: Selector] = [:]
  var offers = 0
  var confirms = 0

  init(_ world: World) {
    self.world = world
    sights = Array(repeating: Sight(), count: world.machines.count)
    for machine in world.machines { indexes[machine.hostID] = machine.index }
  }

  private var now: Instant { world.timeline.now }

  func index(_ hostID: String) -> Int? { indexes[hostID] }

  private func note(_ host: Int, _ kind: Happening, _ sha256: [UInt8]) {
    world.journal.note(host, kind, Self.short(sha256))
  }

  static func short(_ sha256: [UInt8]) -> String {
    sha256.isEmpty ? "local" : sha256.prefix(4).map { String($0, radix: 16) }.joined()
  }

  func complain(_ host: Int, _ text: String) { world.journal.complain("h\(host) \(text)") }

  // MARK: What the aggregator's disk was given

  func wrote(_ change: SteeringChange) {
    guard case .hostConfig(let config) = change, let host = indexes[config.hostID] else { return }
    guard !config.sha256.isEmpty else { return }
    sights[host].written.insert(config.sha256)
    if config.sha256 != sights[host].lastOnWatch { sights[host].wasMeantOther = true }
  }

  // MARK: What the aggregator hears

  func heard(_ event: CollectorEvent.Body, from host: Int) {
    sights[host].lastEvent = now
    let status: ConfigStatus
    switch event {
    case .configStatus(let said): status = said
    case .hello(let hello): status = hello.configStatus
    default: return
    }
    if [.failed, .refused, .rolledBack].contains(status.state) { sights[host].failed.insert(status.sha256) }
  }

  func welcomed(_ host: Int) { world.journal.note(host, .isWelcomed) }

  func watches(_ host: Int, failed: [[UInt8]]) {
    world.journal.note(host, .watches)
    sights[host].watches += 1
    sights[host].watchingSince = now
    sights[host].unwanted = failed
    sights[host].lastOnWatch = []
  }

  func watchEnded(_ host: Int) { sights[host].watches -= 1 }

  func arrived(stamp: [UInt8], from host: Int) {
    let before = sights[host].stamp
    if before != stamp || sights[host].stamped[stamp] == nil {
      note(host, .isStamped, stamp)
      sights[host].stamped[before] = sights[host].lastFrame
      sights[host].stamped[stamp] = now
      sights[host].stamp = stamp
    }
    sights[host].lastFrame = now
  }

  // MARK: What the aggregator sends

  func sends(confirm sha256: [UInt8], to host: Int) {
    note(host, .isSentConfirm, sha256)
    confirms += 1
    if lastStamped(sha256, host) == nil {
      complain(host, "is confirmed \(Self.short(sha256)), and no frame was ever stamped with it")
    }
    if !sights[host].written.contains(sha256) {
      complain(host, "is confirmed \(Self.short(sha256)), and nothing of that was written down")
    }
  }

  /// When the last frame stamped with a config arrived.
  private func lastStamped(_ sha256: [UInt8], _ host: Int) -> Instant? {
    sights[host].stamp == sha256 && sights[host].lastFrame > .init(nanoseconds: 0)
      ? sights[host].lastFrame : sights[host].stamped[sha256]
  }

  func sends(_ update: ConfigUpdate, to host: Int) {
    let sha256 = update.sha256
    note(host, .isSentOffer, sha256)
    offers += 1
    _ = world.documents.poison(of: sha256, update.config)
    let name = Self.short(sha256)
    if !sights[host].written.contains(sha256) {
      complain(host, "is offered \(name) before that was written down")
    }
    if sights[host].unwanted.contains(sha256) {
      complain(host, "is offered \(name), of which its Watch said that it failed")
    }
    if sights[host].lastOnWatch == sha256, !sights[host].failed.contains(sha256), !sights[host].wasMeantOther
    {
      complain(host, "is offered \(name) twice on one Watch")
    }
    checkHistory(host, sha256)
    checkWave(host, update)
    sights[host].lastOnWatch = sha256
    sights[host].wasMeantOther = false
    sights[host].sent[sha256] = now
  }

  private func checkHistory(_ host: Int, _ sha256: [UInt8]) {
    let steering = world.store.steering
    let name = Self.short(sha256)
    if let reason = steering.quarantinedConfigs.first(where: { $0.sha256 == sha256 })?.reason {
      complain(host, "is offered \(name), which is quarantined: \(reason)")
    }
    let failure = steering.hostConfigs[world.machines[host].hostID]?.failures.first { $0.sha256 == sha256 }
    if let failure, failure.isFinal {
      complain(host, "is offered \(name), which failed there: \(failure.reason)")
    }
  }

  // MARK: What a collector does

  func received(_ update: ConfigUpdate, at host: Int) { note(host, .isOffered, update.sha256) }

  func tries(_ sha256: [UInt8], at host: Int) {
    note(host, .tries, sha256)
    sights[host].triedAt = now
    sights[host].onTrial = sha256
    let count = (sights[host].trials[sha256] ?? 0) + 1
    sights[host].trials[sha256] = count
    if count > 1, world.documents.isPoison(sha256) {
      complain(host, "tries the bad config \(Self.short(sha256)) for the \(count)th time")
    }
  }

  /// It runs there to stay.
  func keeps(_ sha256: [UInt8], at host: Int) {
    guard sights[host].onTrial == sha256 else { return }
    sights[host].onTrial = nil
    sights[host].kept.insert(sha256)
    note(host, .isConfirmed, sha256)
    if let stamped = lastStamped(sha256, host), stamped >= sights[host].triedAt { return }
    complain(host, "keeps \(Self.short(sha256)), and no frame of this trial has arrived")
  }

  /// Whatever a config says, the collector goes on talking, and talking about itself.
  func applies(_ settings: EffectiveSettings, at host: Int) {
    for source in settings.sampling.sources.keys where !ConfigSchema.sourceNames.contains(source) {
      complain(host, "applies a config about \(source), which is no source")
    }
    if settings.heartbeatInterval > .seconds(300) || settings.interval > .seconds(60) {
      complain(host, "applies a config that all but silences it")
    }
  }
}
