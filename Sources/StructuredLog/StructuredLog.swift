// StructuredLog: swift-log's back end for all three programs.
//
// One event is one line and one write(2) to standard error: `time=… level=… msg="…" key=value`
// (logfmt) or the same as a JSON object. Whatever a message or a value holds, the line stays one
// line: control characters, line separators and text direction marks are escaped, so that a name
// from the wire can neither forge a line nor drive a terminal. Limits: `LogLimits`.
public import Logging
import Synchronization

/// How log lines look.
public enum LogFormat: String, CaseIterable, Sendable {
  /// `time=2026-01-02T03:04:05.678Z level=info msg="connected" key=value`
  case text
  /// `{"time":"2026-01-02T03:04:05.678Z","level":"info","msg":"connected","key":"value"}`
  case json
}

/// What a log line may hold at most; more is cut, and marked with `…`.
public enum LogLimits {
  /// Bytes of a message or of one value, before escaping.
  public static let maximumValueBytes = 4096
  /// Fields besides time, level and message.
  public static let maximumFields = 64
  /// Lists and dictionaries inside each other.
  public static let maximumDepth = 8
  /// Lines that are remembered, …
  public static let recentLines = 200
  /// … their bytes, …
  public static let recentBytes = 128 << 10
  /// … and those of one line; of a longer one, the rest is not.
  public static let recentLineBytes = 16 << 10
}

/// The program's log.
public enum StructuredLog {
  /// Makes every `Logger` of the program write to standard error in this format.
  ///
  /// Call it once, at the start of the program: swift-log stops the program on a second call.
  public static func bootstrap(format: LogFormat, level: Logger.Level) {
    setLevel(level)
    LoggingSystem.bootstrap(
      { _, provider in StructuredLogHandler(format: format, metadataProvider: provider) },
      metadataProvider: nil)
  }

  /// From now on every `Logger` that was not given a level of its own writes what is at least this important.
  /// Any thread may say so.
  public static func setLevel(_ level: Logger.Level) {
    LogState.level.store(LogLevels.number(of: level), ordering: .relaxed)
  }

  /// The level that ``setLevel(_:)`` or ``bootstrap(format:level:)`` set last.
  public static var level: Logger.Level { LogLevels.level(LogState.level.load(ordering: .relaxed)) }

  /// The last lines that were written, or could not be: at most ``LogLimits/recentLines`` and
  /// ``LogLimits/recentBytes``, oldest first, without newlines.
  public static var recentLines: [String] { LogState.recent.withLock { $0.lines } }

  /// Lines that could not be written: standard error closed, full, or not taking any more.
  public static var droppedLines: Int { LogOutput.droppedLines.load(ordering: .relaxed) }
}
