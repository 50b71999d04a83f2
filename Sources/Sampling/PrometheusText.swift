import Wire

/// The text exposition format of Prometheus, version 0.0.4: what `--once` prints.
///
///     # TYPE node_load1 gauge
///     node_load1 0.36
///
/// Families stand in the order of their names, series in the order of their labels, labels in the order of
/// their names, as Prometheus' own libraries write them.
public enum PrometheusText {
  /// Appends the series that are present.
  public static func write(_ table: borrowing SampleTable, into text: inout [UInt8]) {
    let descriptors = table.descriptors
    let present = table.present
    let values = table.values
    var lines = descriptors.indices.filter { present[$0] }
      .map { Line(id: $0, name: descriptors[$0].name, labels: descriptors[$0].labels.sorted()) }
    lines.sort()
    var family = ""
    for line in lines {
      let descriptor = descriptors[line.id]
      if line.name != family {
        text.append(contentsOf: "# TYPE \(line.name) \(descriptor.kind)\n".utf8)
        family = line.name
      }
      text.append(contentsOf: line.identity.utf8)
      text.append(UInt8(ascii: " "))
      text.append(contentsOf: GoFloat.text(of: descriptor.value(ofRaw: values[line.id])).utf8)
      text.append(UInt8(ascii: "\n"))
    }
  }
}

/// One line to be.
private struct Line: Comparable {
  let id: Int
  let name: String
  let labels: [Label]

  static func < (a: Line, b: Line) -> Bool {
    if a.name != b.name { return a.name < b.name }
    return a.labels.lexicographicallyPrecedes(b.labels)
  }

  /// Name and labels: `node_cpu_seconds_total{cpu="0",mode="idle"}`.
  var identity: String {
    if labels.isEmpty { return name }
    let pairs = labels.map { "\($0.name)=\"\($0.value.escapedForLabel())\"" }
    return "\(name){\(pairs.joined(separator: ","))}"
  }
}

extension String {
  /// Backslash, quote and newline escaped.
  fileprivate func escapedForLabel() -> String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
