public import Link
public import Logging
public import Sampling
public import Settings
public import StructuredLog
public import Wire

/// Everything that can be set on the host, with its default. Config from the aggregator lies over it
/// (`EffectiveSettings`).
public struct CollectorSettings: Sendable {
  /// Where the settings are, unless `--config` says otherwise.
  public static let defaultFile = "/etc/muster/collector.yaml"
  /// The aggregator's port, unless one is given.
  public static let defaultPort = 7600
  /// Sampling intervals that are accepted.
  public static let intervals: ClosedRange<Duration> =
    .milliseconds(ConfigSchema.intervalMilliseconds.lowerBound)
    ... .milliseconds(ConfigSchema.intervalMilliseconds.upperBound)
  /// Heartbeat intervals that are accepted.
  public static let heartbeatIntervals: ClosedRange<Duration> =
    .milliseconds(ConfigSchema.heartbeatIntervalMilliseconds.lowerBound)
    ... .milliseconds(ConfigSchema.heartbeatIntervalMilliseconds.upperBound)
  /// Bounds of the buffer's size in bytes.
  public static let bufferBytes =
    Int(ConfigSchema.bufferBytes.lowerBound)...Int(ConfigSchema.bufferBytes.upperBound)
  /// Bounds of the buffer's size in frames.
  public static let bufferFrames =
    Int(ConfigSchema.bufferFrames.lowerBound)...Int(ConfigSchema.bufferFrames.upperBound)
  /// Bounds of the memory budget.
  public static let memoryBudgetBytes =
    Int(ConfigSchema.memoryBudgetBytes.lowerBound)...Int(ConfigSchema.memoryBudgetBytes.upperBound)

  /// Bounds of the budget of bytes.
  public static let bytesPerSecondBudget =
    Int(ConfigSchema.bytesPerSecondBudget.lowerBound)...Int(ConfigSchema.bytesPerSecondBudget.upperBound)

  /// The file that they are from.
  public var file = defaultFile
  /// `aggregator`
  public var aggregator = HostPort(host: "127.0.0.1", port: defaultPort)
  /// `tls`; nil when the section is not there.
  public var tls: LinkTLS?
  /// `insecure`: plaintext to another machine.
  public var insecure = false
  /// `interval`
  public var interval: Duration = .seconds(5)
  /// `instance`; empty: the host's name.
  public var instance = ""
  /// `labels`
  public var labels: [Label] = []
  /// `state_directory`
  public var stateDirectory = "/var/lib/muster-collector"
  /// `buffer`
  public var buffer = FrameRingLimits()
  /// `heartbeat_interval`
  public var heartbeatInterval: Duration = .seconds(10)
  /// `root`
  public var root = "/"
  /// `filters`
  public var filters = FilterSettings()
  /// `sources`, by name: those that are not read with every sample.
  public var sources: [String: SourceSettings] = [:]
  /// `textfile_directory`: where people's own metrics are; empty: nowhere. Nothing that comes over the wire
  /// sets it.
  public var textfileDirectory = ""
  /// `recorder`: whether the last minutes are kept at 1 s.
  public var recorder = true
  /// `budget`
  public var budget = BudgetSettings()
  /// `remote`
  public var remote = RemoteSettings()
  /// `log.format`
  public var logFormat = LogFormat.text
  /// `log.level`
  public var logLevel = Logger.Level.info

  /// The defaults.
  public init() {}

  /// How the connection is secured: TLS to every other machine unless `insecure`, and on this one
  /// when the `tls` section is there. nil: plaintext.
  public var connectionTLS: LinkTLS? {
    if insecure { return nil }
    return tls ?? (aggregator.isLoopback ? nil : LinkTLS())
  }
}
