import Glibc
import Logging

/// One event as bytes, newline included.
enum LogLine {
  static func encode(
    _ format: LogFormat, time: timespec, level: Logger.Level, message: String, fields: Logger.Metadata
  ) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(256)
    // Sorted, so that equal events give equal lines.
    let fields = fields.sorted { $0.key < $1.key }.prefix(LogLimits.maximumFields)
    switch format {
    case .text: text(&line, time, level, message, fields)
    case .json: json(&line, time, level, message, fields)
    }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private typealias Fields = ArraySlice<(key: String, value: Logger.MetadataValue)>

  private static func text(
    _ line: inout [UInt8], _ time: timespec, _ level: Logger.Level, _ message: String, _ fields: Fields
  ) {
    line.append(contentsOf: "time=".utf8)
    LogTime.append(time, to: &line)
    line.append(contentsOf: " level=\(level.rawValue) msg=".utf8)
    LogEscape.appendQuoted(message, to: &line)
    for (key, value) in fields {
      line.append(UInt8(ascii: " "))
      LogEscape.appendKey(reserved(key), to: &line)
      line.append(UInt8(ascii: "="))
      appendText(value, to: &line)
    }
  }

  private static func json(
    _ line: inout [UInt8], _ time: timespec, _ level: Logger.Level, _ message: String, _ fields: Fields
  ) {
    line.append(contentsOf: #"{"time":""#.utf8)
    LogTime.append(time, to: &line)
    line.append(contentsOf: "\",\"level\":\"\(level.rawValue)\",\"msg\":".utf8)
    LogEscape.appendQuoted(message, to: &line)
    for (key, value) in fields {
      line.append(UInt8(ascii: ","))
      LogEscape.appendQuoted(reserved(key), to: &line)
      line.append(UInt8(ascii: ":"))
      appendJSON(value, depth: 0, to: &line)
    }
    line.append(UInt8(ascii: "}"))
  }

  /// A field cannot stand for the line's own time, level or message.
  private static func reserved(_ key: String) -> String {
    ["time", "level", "msg"].contains(key) ? "field_\(key)" : key
  }

  private static func appendText(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
    switch value {
    case .string(let text): LogEscape.appendValue(text, to: &line)
    case .stringConvertible(let value): LogEscape.appendValue(value.description, to: &line)
    case .array, .dictionary:
      var nested: [UInt8] = []
      appendJSON(value, depth: 0, to: &nested)
      LogEscape.appendQuoted(String(decoding: nested, as: UTF8.self), to: &line)
    }
  }

  private static func appendJSON(_ value: Logger.MetadataValue, depth: Int, to line: inout [UInt8]) {
    guard depth < LogLimits.maximumDepth else { return LogEscape.appendQuoted("…", to: &line) }
    switch value {
    case .string(let text): LogEscape.appendQuoted(text, to: &line)
    case .stringConvertible(let value): LogEscape.appendQuoted(value.description, to: &line)
    case .array(let items):
      line.append(UInt8(ascii: "["))
      for (position, item) in items.prefix(LogLimits.maximumFields).enumerated() {
        if position > 0 { line.append(UInt8(ascii: ",")) }
        appendJSON(item, depth: depth + 1, to: &line)
      }
      line.append(UInt8(ascii: "]"))
    case .dictionary(let pairs):
      line.append(UInt8(ascii: "{"))
      let sorted = pairs.sorted { $0.key < $1.key }.prefix(LogLimits.maximumFields)
      for (position, pair) in sorted.enumerated() {
        if position > 0 { line.append(UInt8(ascii: ",")) }
        LogEscape.appendQuoted(pair.key, to: &line)
        line.append(UInt8(ascii: ":"))
        appendJSON(pair.value, depth: depth + 1, to: &line)
      }
      line.append(UInt8(ascii: "}"))
    }
  }
}
