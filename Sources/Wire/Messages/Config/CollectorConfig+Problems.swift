extension CollectorConfig {
  /// What cannot be in it by `ConfigSchema`, in the order of its fields; empty: it is acceptable anywhere.
  /// (A host may accept less.)
  public func problems() -> [ConfigProblem] {
    guard schema == ConfigSchema.version else {
      return [
        ConfigProblem(
          key: "schema",
          message: "schema \(schema) is not known here; known is \(ConfigSchema.version). Update this program"
        )
      ]
    }
    var problems = ProblemList()
    problems.check(intervalMilliseconds, in: ConfigSchema.intervalMilliseconds, "interval", "ms")
    for (index, source) in sources.enumerated() { check(source, after: sources[..<index], &problems) }
    for (index, filter) in filters.enumerated() { check(filter, after: filters[..<index], &problems) }
    checkLabels(&problems)
    problems.check(bufferBytes, in: ConfigSchema.bufferBytes, "buffer.bytes", "bytes")
    problems.check(bufferFrames, in: ConfigSchema.bufferFrames, "buffer.frames", "frames")
    problems.check(cpuBudgetRatio, in: ConfigSchema.cpuBudgetRatio, "budget.cpu", "CPUs")
    problems.check(memoryBudgetBytes, in: ConfigSchema.memoryBudgetBytes, "budget.memory", "bytes")
    problems.check(
      bytesPerSecondBudget, in: ConfigSchema.bytesPerSecondBudget, "budget.bytes", "bytes a second")
    problems.check(
      heartbeatIntervalMilliseconds, in: ConfigSchema.heartbeatIntervalMilliseconds, "heartbeat_interval",
      "ms")
    if !logLevel.isEmpty { problems.check(logLevel, isOneOf: ConfigSchema.logLevels, "log.level", "a level") }
    return problems.all
  }

  private func check(
    _ source: SourceConfig, after others: ArraySlice<SourceConfig>, _ problems: inout ProblemList
  ) {
    let key = "sources.\(source.name.cut(to: 64))"
    problems.check(source.name, isOneOf: ConfigSchema.sourceNames, key, "a source")
    if others.contains(where: { $0.name == source.name }) { problems.add(key, "comes twice; once is enough") }
    problems.check(source.intervalMilliseconds, in: ConfigSchema.intervalMilliseconds, key, "ms")
    if 1..<max(intervalMilliseconds, 1) ~= source.intervalMilliseconds {
      problems.add(
        key,
        "\(source.intervalMilliseconds) ms is less than the interval of \(intervalMilliseconds) ms; a source "
          + "can be read less often than the others, not more often")
    }
  }

  private func check(
    _ filter: FilterConfig, after others: ArraySlice<FilterConfig>, _ problems: inout ProblemList
  ) {
    let key = "filters.\(filter.name.cut(to: 64))"
    problems.check(filter.name, isOneOf: ConfigSchema.filterNames, key, "a filter")
    if others.contains(where: { $0.name == filter.name }) { problems.add(key, "comes twice; once is enough") }
    problems.check(patterns: filter.include, "\(key).include")
    problems.check(patterns: filter.exclude, "\(key).exclude")
  }

  private func checkLabels(_ problems: inout ProblemList) {
    if labels.count > ConfigSchema.maximumLabels {
      problems.add("labels", "\(labels.count) labels; \(ConfigSchema.maximumLabels) are allowed")
    }
    for (index, label) in labels.enumerated() {
      let key = "labels.\(label.name.cut(to: 64))"
      if let problem = label.problem() { problems.add(key, problem) }
      if labels[..<index].contains(where: { $0.name == label.name }) {
        problems.add(key, "comes twice; once is enough")
      }
    }
  }
}

extension Label {
  /// Why config cannot give a host this label.
  fileprivate func problem() -> String? {
    guard Label.isName(name), name.utf8.count <= MessageLimits.nameBytes else {
      return "is not a label name; accepted are letters, digits and _, not starting with a digit"
    }
    if name.utf8.starts(with: "__".utf8) { return "starts with __, which is reserved" }
    if name == "instance" || name == "host_id" { return "is what tells hosts apart; config cannot change it" }
    guard 1...MessageLimits.labelValueBytes ~= value.utf8.count else {
      return "needs a value of 1 to \(MessageLimits.labelValueBytes) bytes"
    }
    return value.utf8.contains(0) ? "has a value with a NUL" : nil
  }
}

/// The problems found so far, at most `MessageLimits.problems`.
private struct ProblemList {
  private(set) var all: [ConfigProblem] = []

  mutating func add(_ key: String, _ message: String) {
    if all.count < MessageLimits.problems { all.append(ConfigProblem(key: key, message: message)) }
  }

  /// A value is not said, or within a range.
  mutating func check<T: Numeric & Comparable>(
    _ value: T, in range: ClosedRange<T>, _ key: String, _ unit: StaticString
  ) {
    if value == 0 || range.contains(value) { return }
    add(key, "\(value) \(unit); accepted are \(range.lowerBound) to \(range.upperBound)")
  }

  mutating func check(_ name: String, isOneOf names: [String], _ key: String, _ what: StaticString) {
    if names.contains(name) { return }
    add(key, "\(name.cut(to: 64)) is not \(what); accepted are \(names.joined(separator: ", "))")
  }

  mutating func check(patterns: [String], _ key: String) {
    if patterns.count > ConfigSchema.maximumPatterns {
      add(key, "\(patterns.count) patterns; \(ConfigSchema.maximumPatterns) are allowed")
    }
    let lengths = 1...ConfigSchema.maximumPatternBytes
    if patterns.contains(where: { !lengths.contains($0.utf8.count) || $0.utf8.contains(0) }) {
      add(key, "has a pattern that is not 1 to \(ConfigSchema.maximumPatternBytes) bytes long, without NUL")
    }
  }
}
