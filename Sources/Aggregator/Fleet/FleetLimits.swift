import GRPC
public import TimeSeries

/// What the registry holds at most.
public struct FleetLimits: Hashable, Sendable {
  /// Hosts.
  public var hosts = 10_000
  /// Series of one host.
  public var seriesPerHost = 20_000
  /// How long a host that is gone is remembered.
  public var forgetAfter = Duration.seconds(24 * 3600)
  /// The hot tier of one host.
  public var hot = HotLimits()

  /// Series that one stream may describe: those that came and went in its life count too.
  var seriesPerStream: Int { seriesPerHost * 2 }

  /// The defaults.
  public init() {}

  init(_ settings: AggregatorSettings) {
    hosts = settings.limits.hosts
    seriesPerHost = settings.limits.seriesPerHost
    forgetAfter = settings.limits.forgetHostsAfter
    hot = HotLimits(
      retentionMicroseconds: settings.hot.retention.saturatedMicroseconds,
      maximumBytes: settings.hot.maximumBytesPerHost, maximumSeries: settings.limits.seriesPerHost)
  }
}
