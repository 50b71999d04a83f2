/// What runs may come to.
enum RunLimits {
  /// Runs that are not over.
  static let openRuns = 64
  /// Hosts of one run.
  static let hosts = 10_000
  /// How long results are waited for.
  static let timeout: ClosedRange<Duration> = .milliseconds(100)...(.seconds(3600))
  static let defaultTimeout = Duration.seconds(30)
  /// What one host may send in one run.
  static let outputBytes = 4 << 20
  static let defaultOutputBytes = 1 << 20
  /// A collector counts its output before it is packed: so much more than the limit is no flood yet.
  static let outputSlackBytes = 64 << 10
  /// Output of one run that is held for readers; beyond it the oldest goes.
  static let heldBytesPerRun = 16 << 20
  /// Output of all runs that are over and can still be asked for by their key.
  static let heldBytesOfPast = 64 << 20
  /// What is counted for a part of output besides its bytes, so that many small ones are bounded too.
  static let bytesPerPart = 128
  /// Keys remembered, and for how long.
  static let keys = 1024
  static let keyLifetime = Duration.seconds(3600)
}
