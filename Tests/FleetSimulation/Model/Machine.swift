import Collector
import GRPC
import Settings
import VirtualTime
import Wire

/// A host: its name and labels, its disk, its cable to the world, and the collector that runs on it.
final class Machine {
  let index: Int
  let hostID: String
  let labels: [Label]
  let settings: CollectorSettings
  /// How long a step of a trial takes here.
  let pace: Duration
  /// The state file `config`, as last written; nil: there is none.
  var disk: String?
  private(set) var process: CollectorProcess?
  private var epoch: UInt64 = 0
  private var unreachableUntil = Instant(nanoseconds: 0)
  private let world: World

  init(_ world: World, _ index: Int) {
    self.world = world
    self.index = index
    hostID = String(repeating: "0", count: 24) + String(UInt32(index) + 0x1000_0000, radix: 16)
    labels = [
      Label("role", world.chance.one(of: ["web", "web", "db", "cache"])),
      Label("env", world.chance.one(of: ["prod", "test"])),
    ]
    var settings = CollectorSettings()
    settings.interval = world.weather.interval
    settings.heartbeatInterval = .seconds(30)
    settings.remote.minimumInterval = .seconds(2)
    self.settings = settings
    let isSlow = world.chance.happens(world.weather.slowHosts)
    pace = isSlow ? world.chance.duration(world.weather.pace) : .zero
  }

  var name: String { "h\(index)" }

  /// Whether it can reach the aggregator.
  var isReachable: Bool {
    unreachableUntil <= world.timeline.now && process?.isCutOff != true
  }

  var isRunning: Bool { process != nil }

  func start() {
    guard process == nil else { return }
    epoch += 1
    world.journal.note(index, .starts, "epoch \(epoch)")
    process = CollectorProcess(self, world, record: record, epoch: epoch)
    process?.start()
  }

  /// The collector is gone from one moment to the next, and is started again.
  func crash() {
    guard let process else { return }
    world.journal.note(index, .crashes)
    self.process = nil
    process.die()
    startLater()
  }

  /// The collector ended in good order.
  func stopped() {
    process = nil
    startLater()
  }

  private func startLater() {
    world.timeline.after(world.chance.duration(.milliseconds(200)...(.seconds(8)))) { self.start() }
  }

  func stop() {
    world.journal.note(index, .stops)
    process?.stop()
  }

  /// Its connection breaks, and it gets no other for a while.
  func cut(silently: Bool, for outage: Duration) {
    world.journal.note(index, .isCut, "\(silently ? "silently, " : "")for \(outage)")
    unreachableUntil = max(unreachableUntil, world.timeline.now + outage)
    process?.cable?.cut(silently: silently)
  }

  func heal() {
    unreachableUntil = world.timeline.now
    start()
    process?.cable?.breakIfCut()
  }

  func vanish() {
    process?.die()
    process = nil
  }

  private var record: ConfigRecord? {
    guard let disk else { return nil }
    do {
      return try ConfigRecord(SettingsDocument(text: disk, file: "config").root)
    } catch {
      world.journal.complain("\(name): its own state file cannot be read: \(error)")
      return nil
    }
  }
}
