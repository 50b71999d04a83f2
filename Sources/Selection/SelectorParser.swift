import Wire

/// Takes a selector apart at its commas, and each condition at its operator.
struct SelectorParser {
  private let text: String

  init(_ text: String) {
    self.text = text
  }

  func conditions() throws(SelectionError) -> [Selector.Condition] {
    guard text.utf8.count <= Selector.maximumLength else {
      throw SelectionError(
        subject: "selector", text: String(text.prefix(40)) + "…", part: String(text.prefix(10)) + "…",
        column: 1,
        message: "a selector has at most \(Selector.maximumLength) bytes")
    }
    guard text.contains(where: { $0 != " " }) else { return [] }
    var conditions: [Selector.Condition] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      conditions.append(try condition(trimmed(part)))
    }
    guard conditions.count <= Selector.maximumConditions else {
      throw error(at: text[...], "a selector has at most \(Selector.maximumConditions) conditions")
    }
    return conditions
  }

  private func condition(_ part: Substring) throws(SelectionError) -> Selector.Condition {
    guard let first = part.first else {
      throw error(at: part, "a condition is missing; write label=value, label!=value, label or !label")
    }
    if first == "!" {
      return Selector.Condition(label: try name(trimmed(part.dropFirst()), of: part), test: .absent)
    }
    guard let equals = part.firstIndex(of: "=") else {
      return Selector.Condition(label: try name(part, of: part), test: .present)
    }
    let wanted = try value(trimmed(part[part.index(after: equals)...]), of: part)
    let left = part[..<equals]
    if left.last == "!" {
      return Selector.Condition(
        label: try name(trimmed(left.dropLast()), of: part), test: .differs(wanted))
    }
    return Selector.Condition(label: try name(trimmed(left), of: part), test: .equals(wanted))
  }

  private func name(_ name: Substring, of part: Substring) throws(SelectionError) -> String {
    guard !name.isEmpty else { throw error(at: part, "the label's name is missing") }
    guard Label.isName(String(name)) else {
      throw error(at: name, "a label's name has letters, digits and _, and does not begin with a digit")
    }
    return String(name)
  }

  private func value(_ value: Substring, of part: Substring) throws(SelectionError) -> Wildcard {
    switch value.first {
    case nil: throw error(at: part, "the value is missing; for hosts without the label write !label")
    case "=": throw error(at: value, "one = is enough")
    case "~": throw error(at: value, "regular expressions are not known here; * stands for anything")
    case "\"", "'": throw error(at: value, "values are written without quotes")
    default: return Wildcard(String(value))
    }
  }

  private func error(at part: Substring, _ message: String) -> SelectionError {
    let column = text.distance(from: text.startIndex, to: part.startIndex) + 1
    return SelectionError(
      subject: "selector", text: text, part: String(part), column: column, message: message)
  }

  private func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
