public import Logging
import Synchronization

/// swift-log's handler behind `StructuredLog.bootstrap`.
public struct StructuredLogHandler: LogHandler {
  /// How lines look.
  public var format: LogFormat
  /// Events below are not written. A handler that was given no level has that of ``StructuredLog/level``, which
  /// can change at any time.
  public var logLevel: Logger.Level {
    get { ownLevel ?? StructuredLog.level }
    set { ownLevel = newValue }
  }
  /// Fields of every line of this logger.
  public var metadata: Logger.Metadata = [:]
  /// Fields from the task's context.
  public var metadataProvider: Logger.MetadataProvider?
  private var ownLevel: Logger.Level?

  /// A handler that writes to standard error; without a level of its own, what the program's level asks for.
  public init(
    format: LogFormat, level: Logger.Level? = nil, metadataProvider: Logger.MetadataProvider? = nil
  ) {
    self.format = format
    ownLevel = level
    self.metadataProvider = metadataProvider
  }

  /// One field of every line of this logger.
  public subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes the event's line. Where a field is given twice, the event's own wins.
  public func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
    if let own = event.metadata { fields.merge(own) { $1 } }
    if let error = event.error { fields["error"] = .string("\(error)") }
    let line = LogLine.encode(
      format, time: LogTime.now(), level: event.level, message: event.message.description, fields: fields)
    LogState.recent.withLock { $0.append(line) }
    LogOutput.write(line)
  }
}
