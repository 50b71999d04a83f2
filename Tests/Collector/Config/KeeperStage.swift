import GRPC
import Settings
import Testing
import Wire

@testable import Collector

/// A keeper in virtual time, with a disk and a body that the test plays, and a transcript of all that happens.
/// Configs are told apart by their version, which is also their interval in seconds.
final class KeeperStage {
  private(set) var keeper: ConfigKeeper
  var now = Moment(instant: Instant(nanoseconds: 0), wallMicroseconds: 1_000_000_000)
  /// What the state file holds.
  private(set) var disk: String?
  /// What is applied, and what it is stamped with.
  private(set) var holds: EffectiveSettings?
  private(set) var stamp: [UInt8] = []
  /// Whether the next write, or the next applying, fails.
  var failsToPersist = false
  var failsToApply = false
  /// The process dies before it has applied this version.
  var diesApplying: UInt64?
  private(set) var isDead = false
  /// So many frames were read: one is as soon as a config is applied.
  private(set) var frames: UInt64 = 100
  private let local: CollectorSettings

  init(_ local: CollectorSettings = CollectorSettings(), disk: String? = nil) {
    self.local = local
    self.disk = disk
    keeper = ConfigKeeper(local: local, record: disk.flatMap(Self.read))
  }

  /// The next run of the program, on the same disk.
  func restarted(_ local: CollectorSettings? = nil) -> KeeperStage {
    let next = KeeperStage(local ?? self.local, disk: disk)
    next.now = now
    return next
  }

  static func read(_ text: String) -> ConfigRecord? {
    try? ConfigRecord(SettingsDocument(text: text, file: "config").root)
  }

  static func config(_ version: UInt64) -> CollectorConfig {
    CollectorConfig(schema: ConfigSchema.version, intervalMilliseconds: UInt32(version) * 1000)
  }

  static func update(
    _ version: UInt64, _ config: CollectorConfig? = nil, confirmWithin: UInt32 = 20_000
  ) -> ConfigUpdate {
    let config = config ?? Self.config(version)
    return ConfigUpdate(
      version: version, sha256: config.sha256, config: config.packed, rollout: 1,
      confirmWithinMilliseconds: confirmWithin)
  }

  /// What came of an event.
  func after(_ event: (inout ConfigKeeper, Moment) -> Void) -> [String] {
    event(&keeper, now)
    return drain()
  }

  func offer(_ version: UInt64, _ config: CollectorConfig? = nil, confirmWithin: UInt32 = 20_000) -> [String]
  {
    after { $0.offered(Self.update(version, config, confirmWithin: confirmWithin), at: $1) }
  }

  /// The aggregator confirms a config, and has all frames.
  func confirm(_ version: UInt64) -> [String] {
    after {
      $0.confirmed(Self.config(version).sha256)
      $0.acknowledged(through: frames, at: $1)
    }
  }

  /// The aggregator has these frames.
  func acknowledge(through frame: UInt64) -> [String] { after { $0.acknowledged(through: frame, at: $1) } }

  func wait(_ duration: Duration) -> [String] {
    now = now.advanced(by: duration)
    return after { $0.tick(at: $1) }
  }

  /// Begins, tries a config and has it confirmed.
  func adopt(_ version: UInt64) {
    _ = drain()
    _ = offer(version)
    _ = confirm(version)
  }

  func drain() -> [String] {
    var lines: [String] = []
    while !isDead, let action = keeper.nextAction() {
      switch action {
      case .persist(let text): persist(text, &lines)
      case .apply(let settings, let sha256): apply(settings, sha256, &lines)
      case .say(let status): lines.append(Self.show(status))
      }
    }
    return lines
  }

  private func persist(_ text: String, _ lines: inout [String]) {
    if failsToPersist {
      failsToPersist = false
      lines.append("disk full")
      return keeper.persistFailed("the disk is full", at: now)
    }
    disk = text
    let record = Self.read(text)
    let good = record?.good.map { "\($0.version)" } ?? "none"
    lines.append("write good \(good)" + (record?.trial.map { " trial \($0.version)" } ?? ""))
    keeper.persisted()
  }

  private func apply(_ settings: EffectiveSettings, _ sha256: [UInt8], _ lines: inout [String]) {
    let seconds = settings.interval.components.seconds
    if diesApplying == UInt64(seconds) {
      isDead = true
      return lines.append("dies applying \(seconds)s")
    }
    if failsToApply {
      failsToApply = false
      lines.append("cannot apply \(seconds)s")
      return keeper.applyFailed("no room", at: now)
    }
    holds = settings
    stamp = sha256
    lines.append("apply \(seconds)s")
    keeper.applied(nextFrame: frames + 1, at: now)
    frames += 1
  }

  static func show(_ status: ConfigStatus) -> String {
    let running = (1...59).first { config(UInt64($0)).sha256 == status.runningSHA256 }
    let name = running.map { "\($0)" } ?? (status.runningSHA256.isEmpty ? "local" : "other")
    return "say \(status.version) \(status.state), runs \(name)"
  }
}
