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
}

/// The program's log.
public enum StructuredLog {
  /// Makes every `Logger` of the program write to standard error in this format.
  ///
  /// Call it once, at the start of the program: swift-log stops the program on a second call.
  public static func bootstrap(format: LogFormat, level: Logger.Level) {
    LoggingSystem.bootstrap(
      { _, provider in
        StructuredLogHandler(format: format, level: level, metadataProvider: provider)
      }, metadataProvider: nil)
  }

  /// Lines that could not be written: standard error closed, full, or not taking any more.
  public static var droppedLines: Int { LogOutput.droppedLines.load(ordering: .relaxed) }
}
