/// Where a node starts; both 1-based.
struct YAMLMark: Hashable {
  var line: Int
  var column: Int
}

/// A YAML document as a tree whose nodes know their places.
struct YAMLTree {
  enum Content {
    /// Text, and whether it stood there without quotes.
    case scalar(String, plain: Bool)
    case sequence([YAMLTree])
    case mapping([YAMLEntry])
  }

  var mark: YAMLMark
  var content: Content

  /// What an error calls such a node.
  var kindName: String {
    switch content {
    case .scalar: isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a section"
    }
  }

  /// An empty value, `~` or `null`.
  var isNull: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }
}

/// One `key: value` of a mapping.
struct YAMLEntry {
  var key: String
  var mark: YAMLMark
  var value: YAMLTree
}

extension YAMLTree {
  /// The one document of a file.
  static func parse(_ bytes: [UInt8], file: String) throws(SettingsError) -> YAMLTree {
    guard bytes.count <= SettingsLimits.maximumFileBytes else {
      throw SettingsError(
        file: file, message: "is larger than \(ByteSize.text(SettingsLimits.maximumFileBytes))")
    }
    let events = YAMLEvents(bytes, file: file)
    var builder = YAMLTreeBuilder(events: events, file: file)
    return try builder.document()
  }
}

/// Turns events into a tree, refusing what a settings file has no use for.
private struct YAMLTreeBuilder {
  let events: YAMLEvents
  let file: String
  var nodes = 0

  mutating func document() throws(SettingsError) -> YAMLTree {
    var event = try events.next()
    if case .streamStart = event.kind { event = try events.next() }
    if case .streamEnd = event.kind {
      return YAMLTree(mark: YAMLMark(line: 1, column: 1), content: .mapping([]))
    }
    // The document's start; then its root.
    event = try events.next()
    var root = try node(event, depth: 0)
    _ = try events.next()
    event = try events.next()
    guard case .streamEnd = event.kind else {
      throw error(event.mark, "a second document starts here; a settings file holds one")
    }
    if root.isNull { root.content = .mapping([]) }
    return root
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(SettingsError) -> YAMLTree {
    try count(event.mark)
    switch event.kind {
    case .scalar(let text, let plain):
      return YAMLTree(mark: event.mark, content: .scalar(text, plain: plain))
    case .sequenceStart:
      try checkDepth(depth, event.mark)
      return YAMLTree(mark: event.mark, content: .sequence(try items(depth: depth + 1)))
    case .mappingStart:
      try checkDepth(depth, event.mark)
      return YAMLTree(mark: event.mark, content: .mapping(try entries(depth: depth + 1)))
    case .alias:
      throw error(event.mark, "aliases are not supported; write the value out")
    default:
      throw error(event.mark, "expected a value")
    }
  }

  private mutating func items(depth: Int) throws(SettingsError) -> [YAMLTree] {
    var items: [YAMLTree] = []
    while true {
      let event = try events.next()
      if case .sequenceEnd = event.kind { return items }
      items.append(try node(event, depth: depth))
    }
  }

  private mutating func entries(depth: Int) throws(SettingsError) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var firstLines: [String: Int] = [:]
    while true {
      let event = try events.next()
      if case .mappingEnd = event.kind { return entries }
      guard case .scalar(let key, _) = event.kind else {
        throw error(event.mark, "a key must be plain text")
      }
      try count(event.mark)
      if let line = firstLines.updateValue(event.mark.line, forKey: key) {
        throw SettingsError(
          file: file, line: event.mark.line, column: event.mark.column, key: key,
          message: "is given twice; first on line \(line)")
      }
      let value = try node(try events.next(), depth: depth)
      entries.append(YAMLEntry(key: key, mark: event.mark, value: value))
    }
  }

  private mutating func count(_ mark: YAMLMark) throws(SettingsError) {
    nodes += 1
    guard nodes <= SettingsLimits.maximumNodes else {
      throw error(mark, "holds more than \(SettingsLimits.maximumNodes) values")
    }
  }

  private func checkDepth(_ depth: Int, _ mark: YAMLMark) throws(SettingsError) {
    guard depth < SettingsLimits.maximumDepth else {
      throw error(mark, "is nested more than \(SettingsLimits.maximumDepth) levels deep")
    }
  }

  private func error(_ mark: YAMLMark, _ message: String) -> SettingsError {
    SettingsError(file: file, line: mark.line, column: mark.column, message: message)
  }
}
