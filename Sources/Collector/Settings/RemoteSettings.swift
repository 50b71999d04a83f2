public import Wire

/// `remote`: what the aggregator, and whoever commands it, may do here. Nothing that comes over the wire can
/// widen it.
public struct RemoteSettings: Hashable, Sendable {
  /// `remote.config`: whether configuration is taken from the aggregator at all.
  public var allowsConfig = true
  /// `remote.forbid`: commands that are refused.
  public var forbidden: [CommandKind] = []
  /// `remote.minimum_interval`: nobody can make the collector sample more often, by config or by command.
  public var minimumInterval: Duration = CollectorSettings.intervals.lowerBound

  /// Everything is allowed.
  public init() {}
}

/// `budget`: what the collector may cost. Over it, work is shed in a declared order (`Budget`).
public struct BudgetSettings: Hashable, Sendable {
  /// `budget.cpu`: of one CPU; 0.05 is 5 %.
  public var cpuRatio = 0.05
  /// `budget.memory`: resident.
  public var memoryBytes = 64 * 1024 * 1024
  /// `budget.bytes`: sent a second, HTTP/2 included.
  public var bytesPerSecond = 1024 * 1024

  /// The defaults.
  public init() {}
}
