import ProcFS
import Sampling
import Wire

/// What commands read of the collector they run in. The loop is one; everything is asked for when a command
/// needs it, on the loop's thread, and must be answered from memory at once.
protocol CommandEnvironment: AnyObject {
  /// Where the host's files are: the setting `root`.
  var root: ProcRoot { get }
  /// The system calls beside reading files, `KernelCalls.live` in the program.
  var calls: KernelCalls { get }
  /// The sampler's clock: nanoseconds, awake time. Called from other threads, too.
  var clock: @Sendable () -> Int64 { get }
  /// Which mounts are looked at, as in force now.
  var filters: FilterSettings { get }

  /// `Sampler.statuses`
  var sourceStatuses: [SourceStatus] { get }
  /// How full the table of series is.
  var seriesStanding: SeriesStanding { get }
  /// `Sampler.stuckMounts`: they are not asked again.
  var stuckMounts: [StuckMount] { get }
  /// The one that the loop fills.
  var recorder: Recorder { get }

  /// The local settings file, as people call it: `/etc/muster/collector.yaml`.
  var settingsFile: String { get }
  /// The local settings in force, key by key: `tls.ca_file`, `/etc/…`. Paths of keys and tokens, never their
  /// contents. What looks like a secret nevertheless is masked before it is shown.
  var settings: [CommandFact] { get }
  /// The config that was pushed and is in force, key by key; empty: none but the local file.
  var config: [CommandFact] { get }
  /// The last thing to say about configuration.
  var configStatus: ConfigStatus { get }
  /// Identity and connection: `host_id`, `epoch`, `connected_to`, `frames_buffered`, …
  var state: [CommandFact] { get }
  /// What is counted, as self-metrics show it: name, number.
  var counters: [CommandFact] { get }
  /// The last lines of the log, oldest first: `StructuredLog.recentLines`.
  var recentLogLines: [String] { get }

  /// The state folder.
  var stateDirectory: String { get }
  /// The aggregator's clock minus ours, as measured; nil: not yet.
  var clockOffsetMicroseconds: Int64? { get }
  /// How the collector stands to its own budget.
  var budget: BudgetStanding { get }
}

/// A name and a value, as diagnostics show them.
struct CommandFact: Hashable, Sendable {
  var name: String
  var value: String

  init(_ name: String, _ value: some CustomStringConvertible) {
    self.name = name
    self.value = value.description
  }
}

/// How full the table of series is.
struct SeriesStanding: Hashable, Sendable {
  /// Series that were ever there.
  var count = 0
  /// Series it takes.
  var maximum = SampleTable.defaultMaximumSeries
  /// Series it refused: beyond that, or not valid, or another source's.
  var refused = 0
}

/// How the collector stands to its budget, for `self-check`.
struct BudgetStanding: Hashable, Sendable {
  /// 0: nothing is shed.
  var level = 0
  /// For people: "0.4 % of a CPU of 2 %, 11 MiB of 32 MiB", and what is shed.
  var detail = ""
}
