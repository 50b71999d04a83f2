internal import CProtobufC
public import GRPC

/// Settings of a collector. What is 0, empty or unset is not said: the host's local file holds.
public struct CollectorConfig: GRPCMessage, Hashable, Sendable {
  /// `ConfigSchema.version`. A collector refuses a schema that it does not know.
  public var schema: UInt32
  /// How often to sample.
  public var intervalMilliseconds: UInt32
  /// Sources that are switched on or off, or read less often.
  public var sources: [SourceConfig]
  /// What sources leave out.
  public var filters: [FilterConfig]
  /// Labels that the aggregator gives the host, besides the host's own, which win.
  public var labels: [Label]
  /// What is kept while the aggregator cannot be reached, in bytes …
  public var bufferBytes: UInt64
  /// … and in frames.
  public var bufferFrames: UInt64
  /// CPUs that the collector may use: over it, the collector sheds work in a declared order.
  public var cpuBudgetRatio: Double
  /// Memory that it may use.
  public var memoryBudgetBytes: UInt64
  /// What it may send.
  public var bytesPerSecondBudget: UInt64
  /// From which level on lines are logged.
  public var logLevel: String
  /// How often to tell the aggregator how things are.
  public var heartbeatIntervalMilliseconds: UInt32
  /// Whether the recorder runs.
  public var recorder: Switch

  /// A config of these settings.
  public init(
    schema: UInt32 = ConfigSchema.version, intervalMilliseconds: UInt32 = 0, sources: [SourceConfig] = [],
    filters: [FilterConfig] = [], labels: [Label] = [], bufferBytes: UInt64 = 0, bufferFrames: UInt64 = 0,
    cpuBudgetRatio: Double = 0, memoryBudgetBytes: UInt64 = 0, bytesPerSecondBudget: UInt64 = 0,
    logLevel: String = "",
    heartbeatIntervalMilliseconds: UInt32 = 0, recorder: Switch = .unset
  ) {
    self.schema = schema
    self.intervalMilliseconds = intervalMilliseconds
    self.sources = sources
    self.filters = filters
    self.labels = labels
    self.bufferBytes = bufferBytes
    self.bufferFrames = bufferFrames
    self.cpuBudgetRatio = cpuBudgetRatio
    self.memoryBudgetBytes = memoryBudgetBytes
    self.bytesPerSecondBudget = bytesPerSecondBudget
    self.logLevel = logLevel
    self.heartbeatIntervalMilliseconds = heartbeatIntervalMilliseconds
    self.recorder = recorder
  }
}

extension CollectorConfig: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__CollectorConfig>) {
    muster__v1__collector_config__init(packed)
  }

  init(_ packed: Muster__V1__CollectorConfig) throws(Status) {
    self.init(
      schema: packed.schema, intervalMilliseconds: packed.interval_ms,
      sources: try list(packed.sources, packed.n_sources, "sources", MessageLimits.configSources),
      filters: try list(packed.filters, packed.n_filters, "filters", MessageLimits.configFilters),
      labels: try list(packed.labels, packed.n_labels, "labels of a config", MessageLimits.labels),
      bufferBytes: packed.buffer_bytes, bufferFrames: packed.buffer_frames,
      cpuBudgetRatio: packed.cpu_budget_ratio, memoryBudgetBytes: packed.memory_budget_bytes,
      bytesPerSecondBudget: packed.bytes_per_second_budget,
      logLevel: try text(packed.log_level, "log_level", MessageLimits.unitBytes),
      heartbeatIntervalMilliseconds: packed.heartbeat_interval_ms, recorder: Switch(packed.recorder))
  }

  func fill(_ packed: inout Muster__V1__CollectorConfig, _ arena: Arena) {
    packed.schema = schema
    packed.interval_ms = intervalMilliseconds
    (packed.n_sources, packed.sources) = arena.list(sources)
    (packed.n_filters, packed.filters) = arena.list(filters)
    (packed.n_labels, packed.labels) = arena.list(labels)
    packed.buffer_bytes = bufferBytes
    packed.buffer_frames = bufferFrames
    packed.cpu_budget_ratio = cpuBudgetRatio
    packed.memory_budget_bytes = memoryBudgetBytes
    packed.bytes_per_second_budget = bytesPerSecondBudget
    packed.log_level = arena.text(logLevel)
    packed.heartbeat_interval_ms = heartbeatIntervalMilliseconds
    packed.recorder = recorder.packed
  }
}
