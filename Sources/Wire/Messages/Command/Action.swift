/// What a collector can be told to do. There is no action that runs a program.
public enum Action: Hashable, Sendable {
  /// Answers at once.
  case ping
  /// Takes a sample now, sends it as a frame like any other, and answers with the values of the metrics that
  /// fit the pattern; empty: all.
  case sampleNow(pattern: String)
  /// The processes that use the most of something.
  case topProcesses(TopProcessesAction)
  /// How full the file systems are.
  case diskUsage
  /// Raises or lowers how often the collector samples, for a time.
  case setResolution(SetResolutionAction)
  /// Hands over the recorder: the last minutes at 1 s, and the top processes of each minute. How far back;
  /// 0: everything.
  case recorder(lastMilliseconds: UInt32)
  /// Reads the local settings file again, and applies what can be applied without a restart.
  case reload
  /// Logs more, or less, for a time.
  case logLevel(LogLevelAction)
  /// What the collector finds when it looks at itself.
  case selfCheck
  /// What support asks for.
  case diagnostics
  /// Leaves the connection in good order, and makes another.
  case reconnect
  /// Stops the collector, as SIGTERM does.
  case shutdown
  /// What would this packed `CollectorConfig` do here? Applies nothing.
  case planConfig([UInt8])
}
