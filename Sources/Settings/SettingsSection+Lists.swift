extension SettingsSection {
  /// A list of texts; a single text counts as a list of one. nil when the key is not there.
  public func stringList(_ key: String, maximumCount: Int = 1024) throws(SettingsError) -> [String]? {
    guard let node = value(key) else { return nil }
    switch node.content {
    case .scalar(let text, _):
      return node.isNull ? [] : [text]
    case .sequence(let items):
      guard items.count <= maximumCount else {
        throw error(at: key, "has more than \(maximumCount) entries")
      }
      var texts: [String] = []
      for item in items { texts.append(try text(of: item, key: key)) }
      return texts
    case .mapping:
      throw error(at: key, "expected a list of texts, found a section")
    }
  }

  /// A section of `name: text` lines, in the file's order; nil when the key is not there.
  ///
  /// - Parameter check: looks at one pair and throws what is wrong with it.
  public func stringMap(
    _ key: String, maximumCount: Int = 1024,
    check: (_ name: String, _ text: String) throws(InvalidValue) -> Void = { _, _ in }
  ) throws(SettingsError) -> [(name: String, text: String)]? {
    guard let node = value(key) else { return nil }
    if node.isNull { return [] }
    guard case .mapping(let entries) = node.content else {
      throw error(at: key, "expected a section of `name: text` lines, found \(node.kindName)")
    }
    guard entries.count <= maximumCount else {
      throw error(at: key, "has more than \(maximumCount) entries")
    }
    var pairs: [(name: String, text: String)] = []
    for entry in entries {
      let path = "\(key).\(entry.key)"
      let text = try text(of: entry.value, key: path)
      do { try check(entry.key, text) } catch {
        throw SettingsError(
          file: file, line: entry.mark.line, column: entry.mark.column, key: keyPath(path),
          message: error.description)
      }
      pairs.append((entry.key, text))
    }
    return pairs
  }

  private func text(of node: YAMLTree, key: String) throws(SettingsError) -> String {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      throw SettingsError(
        file: file, line: node.mark.line, column: node.mark.column, key: keyPath(key),
        message: "expected text, found \(node.kindName)")
    }
    return text
  }
}
