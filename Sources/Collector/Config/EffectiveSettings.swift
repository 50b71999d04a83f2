import Logging
public import Sampling
import Settings
public import Wire

/// What a collector runs by: the host's own settings, with the config from the aggregator over them. Only what
/// can change while it runs.
///
/// Control and self-metrics are not among it: nothing switches them off.
public struct EffectiveSettings: Hashable, Sendable {
  /// The distance of two frames.
  public var interval: Duration
  /// Which sources are read, how often, and what they leave out.
  public var sampling: SamplingSettings
  /// What is kept of unacknowledged frames.
  public var buffer: FrameRingLimits
  /// The distance of two heartbeats.
  public var heartbeatInterval: Duration
  /// Whether the last minutes are kept at 1 s.
  public var recorder: Bool
  /// What the collector may cost.
  public var budget: BudgetSettings
  /// From which level on lines are logged: a name of swift-log's.
  public var logLevel: String
  /// Labels that the aggregator gives the host. The collector does nothing with them.
  public var labels: [Label]

  /// The host's own settings, and nothing over them.
  public init(_ local: CollectorSettings) {
    interval = local.interval
    sampling = SamplingSettings(
      filters: local.filters, sources: local.sources, textfileDirectory: local.textfileDirectory)
    buffer = local.buffer
    heartbeatInterval = local.heartbeatInterval
    recorder = local.recorder
    budget = local.budget
    logLevel = local.logLevel.rawValue
    labels = []
  }

  /// The host's own settings, and over them what a config says. It is one without problems
  /// (`ConfigCheck`).
  public init(_ local: CollectorSettings, _ config: CollectorConfig) {
    self.init(local)
    if config.intervalMilliseconds > 0 { interval = .milliseconds(config.intervalMilliseconds) }
    if config.heartbeatIntervalMilliseconds > 0 {
      heartbeatInterval = .milliseconds(config.heartbeatIntervalMilliseconds)
    }
    if config.bufferBytes > 0 { buffer.maximumBytes = Int(clamping: config.bufferBytes) }
    if config.bufferFrames > 0 { buffer.maximumFrames = Int(clamping: config.bufferFrames) }
    if config.cpuBudgetRatio > 0 { budget.cpuRatio = config.cpuBudgetRatio }
    if config.memoryBudgetBytes > 0 { budget.memoryBytes = Int(clamping: config.memoryBudgetBytes) }
    if config.bytesPerSecondBudget > 0 {
      budget.bytesPerSecond = Int(clamping: config.bytesPerSecondBudget)
    }
    if config.recorder != .unset { recorder = config.recorder == .on }
    if !config.logLevel.isEmpty { logLevel = config.logLevel }
    labels = config.labels
    for source in config.sources { sampling.overlay(source) }
    for filter in config.filters { sampling.filters.overlay(filter) }
  }

  /// What is set, line by line, as documents write it: `interval` is `5s`, `sources.diskstats` is `off`.
  /// Filters that are the default, and sources that are read with every sample, are left out.
  public var entries: [(key: String, value: String)] {
    var entries = [
      ("interval", DurationText.text(interval)),
      ("heartbeat_interval", DurationText.text(heartbeatInterval)),
    ]
    for (name, source) in sampling.sources.sorted(by: { $0.key < $1.key }) where source != SourceSettings() {
      entries.append(("sources.\(name)", source.text))
    }
    entries += sampling.filters.entries
    if !sampling.textfileDirectory.isEmpty {
      entries.append(("textfile_directory", sampling.textfileDirectory))
    }
    entries += labels.sorted().map { ("labels.\($0.name)", $0.value) }
    return entries + [
      ("buffer.bytes", ByteSize.text(buffer.maximumBytes)), ("buffer.frames", "\(buffer.maximumFrames)"),
      ("budget.cpu", PercentText.text(budget.cpuRatio)),
      ("budget.memory", ByteSize.text(budget.memoryBytes)),
      ("budget.bytes", ByteSize.text(budget.bytesPerSecond)),
      ("recorder", recorder ? "on" : "off"), ("log.level", logLevel),
    ]
  }

  /// What would change on the way to others: `interval: 5s -> 1s`.
  public func changes(to others: EffectiveSettings) -> [String] {
    let before = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) })
    let after = Dictionary(uniqueKeysWithValues: others.entries.map { ($0.key, $0.value) })
    return Set(before.keys).union(after.keys).sorted().compactMap { key in
      guard before[key] != after[key] else { return nil }
      let absent = key.hasPrefix("sources.") ? "on" : key.hasPrefix("labels.") ? "none" : "default"
      return "\(key): \(before[key] ?? absent) -> \(after[key] ?? absent)"
    }
  }
}

extension SamplingSettings {
  /// What a config says of one source. An interval alone means that it is on.
  fileprivate mutating func overlay(_ source: SourceConfig) {
    var settings = sources[source.name] ?? SourceSettings()
    if source.enabled != .unset { settings.isEnabled = source.enabled == .on }
    if source.intervalMilliseconds > 0 { settings.interval = .milliseconds(source.intervalMilliseconds) }
    sources[source.name] = settings
  }
}
