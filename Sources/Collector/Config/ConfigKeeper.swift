// Which configuration a collector runs by. Sans-I/O.
//
// A config from the aggregator is tried, and kept when the aggregator has seen frames stamped with it. Until
// then the collector can go back by itself: when applying fails, when no confirmation comes in time, or when
// it starts and finds that it ended in the middle of a trial.
//
//                                        ┌── problems ──► REFUSED
//     offered ──► RECEIVED ──► VALIDATED ┴► trial written to disk ──► APPLYING ──► APPLIED ──► confirmed
//                                                  │                     │            │            │
//                      ended meanwhile, started ◄──┴─────────────────────┼────────────┤            ▼
//                      again: ROLLED_BACK                      FAILED ◄──┘            │       written as good,
//                                                                                     ▼          VERIFIED
//                                                              ROLLED_BACK ◄── not confirmed in time
//
// What failed is remembered on disk and never tried again here; what was refused is remembered as long as the
// collector runs, since the host's own settings may change. Of what was rolled back nobody knows whether it was
// to blame: a host can be cut off at any time. It may be tried again, and the second time counts as failed, unless
// it was once confirmed here: what a host ran well it must be able to come back to. A config that comes while
// another is tried waits for the verdict; of several, the newest.
//
// Limits: `ConfigRecord.maximumFailed`, `.maximumUndecided`, `.maximumProven`, `.maximumConfigBytes`; one trial,
// one waiting.
public import GRPC
public import Wire

/// Keeps the config that runs, and the last good one.
public struct ConfigKeeper: Sendable {
  /// How long a confirmation is waited for if the update does not say.
  public static let defaultConfirmation: Duration = .seconds(60)
  /// How long it may be, whatever the update says.
  public static let confirmations: ClosedRange<Duration> = .seconds(5) ... .seconds(600)
  /// So many trials of a config may end without anybody knowing why.
  public static let maximumUndecidedTrials = 2

  /// The config that says nothing. It cannot be to blame for anything, and is what a host must be able to come back
  /// to: it is never remembered as failed.
  static let nothing = CollectorConfig(schema: ConfigSchema.version).sha256

  /// What is remembered between runs.
  public internal(set) var record: ConfigRecord
  /// The last thing to say about configuration, and what runs.
  public internal(set) var status = ConfigStatus()
  /// What runs; nil: none but the local file.
  public internal(set) var running: CollectorConfig?

  var local: CollectorSettings
  var trial: Trial?
  /// What came while another was tried.
  var waiting: ConfigUpdate?
  /// Hashes of configs that were refused in this run.
  var refused: [[UInt8]] = []
  private var actions: [ConfigAction] = []

  /// A config on trial.
  struct Trial: Sendable {
    var stored: StoredConfig
    var config: CollectorConfig
    var confirmation: Duration
    var phase = Phase.remembering

    enum Phase: Sendable {
      /// Being written to disk.
      case remembering
      case applying
      /// Frames from this number on are read under it.
      case applied(confirmBy: Instant, firstFrame: UInt64, isConfirmed: Bool = false)
    }
  }

  /// A keeper at the start of the program. `settings` is what holds then; what there is to do and to say about
  /// the past comes out of `nextAction`.
  ///
  /// - Parameters:
  ///   - local: the host's own settings.
  ///   - record: what was remembered; nil: nothing, or it was damaged.
  public init(local: CollectorSettings, record: ConfigRecord?) {
    self.local = local
    self.record = record ?? ConfigRecord()
    if local.remote.allowsConfig { restore() }
  }

  /// What holds now.
  public var settings: EffectiveSettings {
    running.map { EffectiveSettings(local, $0) } ?? EffectiveSettings(local)
  }

  /// What frames are stamped with; empty: none but the local file.
  public var runningSHA256: [UInt8] { status.runningSHA256 }

  /// The newest document in what runs; 0: none but the local file.
  public var runningVersion: UInt64 {
    if let trial, trial.stored.sha256 == runningSHA256 { return trial.stored.version }
    return runningSHA256.isEmpty ? 0 : record.good?.version ?? 0
  }

  /// What Hello and Watch say; nil: the host takes no config from the aggregator.
  public var standing: ConfigStanding? {
    guard local.remote.allowsConfig else { return nil }
    return ConfigStanding(status: status, failed: record.failed + refused)
  }

  /// When `tick` wants to be called; nil: nothing is waited for.
  public var nextDeadline: Instant? {
    if case .applied(let confirmBy, _, _) = trial?.phase { confirmBy } else { nil }
  }

  /// The next thing to do; nil when all is done.
  public mutating func nextAction() -> ConfigAction? {
    actions.isEmpty ? nil : actions.removeFirst()
  }

  mutating func act(_ action: ConfigAction) { actions.append(action) }

  mutating func persist() { act(.persist(record.text)) }

  /// Says how it stands with a config.
  mutating func say(
    _ state: ConfigState, _ name: ConfigRecord.ConfigName, _ reason: String = "",
    problems: [ConfigProblem] = []
  ) {
    status = ConfigStatus(
      sha256: name.sha256, version: name.version, state: state, reason: reason, problems: problems,
      runningSHA256: status.runningSHA256)
    act(.say(status))
  }

  /// Runs a config, or (nil) none but the local file.
  mutating func run(_ config: CollectorConfig?, sha256: [UInt8]) {
    running = config
    status.runningSHA256 = sha256
    act(.apply(settings, sha256: sha256))
  }

  /// Runs the last good config again.
  mutating func runGood() {
    run(goodConfig, sha256: record.good?.sha256 ?? [])
  }

  /// The last good config, as far as it can be read.
  var goodConfig: CollectorConfig? { record.good.flatMap { try? CollectorConfig(packed: $0.packed) } }
}
