extension SettingsSection {
  /// Text that is not empty; quotes are optional.
  public func string(
    _ key: String, maximumBytes: Int = 4096
  ) throws(SettingsError) -> String? {
    guard let (text, _) = try scalar(key, "text") else { return nil }
    guard !text.isEmpty else { throw error(at: key, "is empty; give a value or remove the line") }
    guard text.utf8.count <= maximumBytes else {
      throw error(at: key, "is longer than \(maximumBytes) bytes")
    }
    return text
  }

  /// A whole number within the range, without quotes.
  public func integer(_ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> Int? {
    try plain(key, "a whole number") { (text) throws(InvalidValue) in
      try SettingValue.integer(text, in: range)
    }
  }

  /// `true` or `false`, without quotes.
  public func boolean(_ key: String) throws(SettingsError) -> Bool? {
    try plain(key, "true or false") { (text) throws(InvalidValue) in try SettingValue.boolean(text) }
  }

  /// A duration such as `100ms`, `5s`, `1m`, `2h` within the range.
  public func duration(_ key: String, in range: ClosedRange<Duration>) throws(SettingsError) -> Duration? {
    try value(key, "a duration") { (text) throws(InvalidValue) in
      try SettingValue.duration(text, in: range)
    }
  }

  /// A number of bytes such as `64KiB` within the range.
  public func bytes(_ key: String, in range: ClosedRange<Int>) throws(SettingsError) -> Int? {
    try value(key, "a number of bytes") { (text) throws(InvalidValue) in
      try SettingValue.bytes(text, in: range)
    }
  }

  /// One of an enumeration's words.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) throws(SettingsError) -> Choice? where Choice.RawValue == String {
    try value(key, "one word") { (text) throws(InvalidValue) in
      try SettingValue.choice(text, of: type)
    }
  }

  /// A host and a port; `ports` are those accepted.
  public func hostPort(
    _ key: String, defaultPort: Int, ports: ClosedRange<Int> = 1...65535
  ) throws(SettingsError) -> HostPort? {
    try value(key, "host:port") { (text) throws(InvalidValue) in
      try HostPort(parsing: text, defaultPort: defaultPort, ports: ports)
    }
  }

  /// A value in a form that the caller reads itself; `expected` names it ("a label selector").
  public func value<Value>(
    _ key: String, _ expected: String, _ read: (String) throws(InvalidValue) -> Value
  ) throws(SettingsError) -> Value? {
    guard let (text, _) = try scalar(key, expected) else { return nil }
    return try located(key) { () throws(InvalidValue) in try read(text) }
  }

  private func plain<Value>(
    _ key: String, _ expected: String, _ read: (String) throws(InvalidValue) -> Value
  ) throws(SettingsError) -> Value? {
    guard let (text, plain) = try scalar(key, expected) else { return nil }
    guard plain else { throw error(at: key, "expected \(expected), found text in quotes") }
    return try located(key) { () throws(InvalidValue) in try read(text) }
  }

  private func scalar(
    _ key: String, _ expected: String
  ) throws(SettingsError) -> (text: String, plain: Bool)? {
    guard let node = value(key) else { return nil }
    guard case .scalar(let text, let plain) = node.content else {
      throw error(at: key, "expected \(expected), found \(node.kindName)")
    }
    guard !node.isNull else { throw error(at: key, "has no value; give one or remove the line") }
    return (text, plain)
  }

  private func located<Value>(
    _ key: String, _ body: () throws(InvalidValue) -> Value
  ) throws(SettingsError) -> Value {
    do { return try body() } catch { throw self.error(at: key, error.description) }
  }
}
