import Wire

/// A series as Prometheus writes it: `name{label="value",…}`.
enum MetricText {
  static func series(_ name: String, _ labels: [Label]) -> String {
    guard !labels.isEmpty else { return name }
    let pairs = labels.map { "\($0.name)=\"\(escape($0.value))\"" }
    return "\(name){\(pairs.joined(separator: ","))}"
  }

  /// A value without a superfluous fraction: `42`, `0.25`.
  static func value(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.rounded() == value, value.magnitude < 1e15 { return String(Int64(value)) }
    return "\(value)"
  }

  private static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
