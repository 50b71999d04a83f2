import Settings
import Wire

/// Reading a document's keys into a config, one section after the other.
extension CollectorConfig {
  /// The keys that hold one value.
  mutating func readValues(_ root: SettingsSection) throws(SettingsError) {
    if let value = try milliseconds(root, "interval", ConfigSchema.intervalMilliseconds) {
      intervalMilliseconds = value
    }
    if let value = try milliseconds(root, "heartbeat_interval", ConfigSchema.heartbeatIntervalMilliseconds) {
      heartbeatIntervalMilliseconds = value
    }
    if let value = try root.choice("recorder", of: OnOff.self) { recorder = value == .on ? .on : .off }
    if let log = try root.section("log"), let value = try log.value("level", "a level", logLevel(_:)) {
      logLevel = value
    }
  }

  /// `buffer` and `budget`: what a collector may take.
  mutating func readLimits(_ root: SettingsSection) throws(SettingsError) {
    if let buffer = try root.section("buffer") {
      if let value = try buffer.bytes("bytes", in: numbers(ConfigSchema.bufferBytes)) {
        bufferBytes = UInt64(value)
      }
      if let value = try buffer.integer("frames", in: numbers(ConfigSchema.bufferFrames)) {
        bufferFrames = UInt64(value)
      }
    }
    guard let budget = try root.section("budget") else { return }
    let percentage = { (text: String) throws(InvalidValue) in
      try PercentText.parse(text, in: ConfigSchema.cpuBudgetRatio)
    }
    if let value = try budget.value("cpu", "a percentage", percentage) { cpuBudgetRatio = value }
    if let value = try budget.bytes("memory", in: numbers(ConfigSchema.memoryBudgetBytes)) {
      memoryBudgetBytes = UInt64(value)
    }
    if let value = try budget.bytes("bytes", in: numbers(ConfigSchema.bytesPerSecondBudget)) {
      bytesPerSecondBudget = UInt64(value)
    }
  }

  /// `sources`: by name, `on`, `off`, or an interval of its own.
  mutating func readSources(_ root: SettingsSection) throws(SettingsError) {
    guard let section = try root.section("sources") else { return }
    for name in ConfigSchema.sourceNames.sorted() {
      let read = { (text: String) throws(InvalidValue) in try SourceConfig(name: name, text: text) }
      if let source = try section.value(name, "on, off or an interval", read) { sources.append(source) }
    }
  }

  /// `filters`: per kind of name, an `include` list, an `exclude` list, or both.
  mutating func readFilters(_ root: SettingsSection) throws(SettingsError) {
    guard let section = try root.section("filters") else { return }
    for name in ConfigSchema.filterNames.sorted() {
      guard let lists = try section.section(name) else { continue }
      let include = try patterns(lists, "include")
      let exclude = try patterns(lists, "exclude")
      // First, because an unknown key explains more than a missing one.
      try lists.rejectUnknownKeys()
      guard include != nil || exclude != nil else {
        throw section.error(at: name, "needs a list `include`, a list `exclude`, or both")
      }
      filters.append(FilterConfig(name: name, include: include ?? [], exclude: exclude ?? []))
    }
  }

  /// `labels`: given to the host besides its own.
  mutating func readLabels(_ root: SettingsSection) throws(SettingsError) {
    let pairs = try root.stringMap("labels", maximumCount: ConfigSchema.maximumLabels) {
      (name, value) throws(InvalidValue) in
      let alone = CollectorConfig(schema: ConfigSchema.version, labels: [Label(name, value)])
      if let problem = alone.problems().first { throw InvalidValue(problem.message) }
    }
    labels = (pairs ?? []).map { Label($0.name, $0.text) }.sorted()
  }
}

private func milliseconds(
  _ section: SettingsSection, _ key: String, _ range: ClosedRange<UInt32>
) throws(SettingsError) -> UInt32? {
  try section.value(key, "a duration") { (text) throws(InvalidValue) in
    try wholeMilliseconds(text, in: range)
  }
}

private func wholeMilliseconds(
  _ text: String, in range: ClosedRange<UInt32>
) throws(InvalidValue) -> UInt32 {
  let accepted = Duration.milliseconds(range.lowerBound) ... .milliseconds(range.upperBound)
  let duration = try SettingValue.duration(text, in: accepted)
  let milliseconds = UInt32(duration / .milliseconds(1))
  guard duration == .milliseconds(milliseconds) else { throw InvalidValue("must be whole milliseconds") }
  return milliseconds
}

private func numbers(_ range: ClosedRange<UInt64>) -> ClosedRange<Int> {
  Int(range.lowerBound)...Int(range.upperBound)
}

private func logLevel(_ text: String) throws(InvalidValue) -> String {
  guard ConfigSchema.logLevels.contains(text) else {
    throw InvalidValue("expected one of \(ConfigSchema.logLevels.joined(separator: ", "))")
  }
  return text
}

/// An empty list is a list: it keeps, or leaves out, nothing.
private func patterns(_ section: SettingsSection, _ key: String) throws(SettingsError) -> [String]? {
  guard let texts = try section.stringList(key, maximumCount: ConfigSchema.maximumPatterns) else {
    return nil
  }
  let lengths = 1...ConfigSchema.maximumPatternBytes
  guard texts.allSatisfy({ lengths.contains($0.utf8.count) }) else {
    throw section.error(at: key, "has a pattern that is not 1 to \(lengths.upperBound) bytes long")
  }
  return texts
}

extension SourceConfig {
  /// What a document says of a source. An interval means that it is on, too.
  fileprivate init(name: String, text: String) throws(InvalidValue) {
    self.init(name: name)
    switch text {
    case "on": enabled = .on
    case "off": enabled = .off
    default:
      guard DurationText.parse(text) != nil else {
        throw InvalidValue("expected on, off or an interval such as 15s")
      }
      enabled = .on
      intervalMilliseconds = try wholeMilliseconds(text, in: ConfigSchema.intervalMilliseconds)
    }
  }
}

private enum OnOff: String, CaseIterable { case on, off }
