import Selection
import Wire

/// What a command wants of the loop, which then says `finish`.
enum Effect: Hashable, Sendable {
  /// Sample, send the frame as any other, and answer with the values of the metrics that are meant.
  case sampleNow(MetricPattern)
  /// Read the settings file again.
  case reload
  /// Leave the connection and make another. Finish first, or the answer finds no connection.
  case reconnect
  /// Stop as SIGTERM does. Finish first, too.
  case shutdown
  /// Checked, but for the host's own limit: `ResolutionLeases` knows it.
  case setResolution(SetResolutionAction)
  /// Checked.
  case logLevel(LogLevelAction)
  /// Say what the config would do here.
  case plan(CollectorConfig)
}
