import Sampling
import Settings
import Wire

/// Words of settings that are on or off.
enum OnOff: String, CaseIterable {
  case on, off
}

extension RemoteSettings {
  /// Reads the section `remote`.
  mutating func read(_ section: SettingsSection) throws(SettingsError) {
    if let value = try section.boolean("config") { allowsConfig = value }
    if let names = try section.stringList("forbid", maximumCount: CommandKind.allCases.count) {
      forbidden = []
      for name in names {
        guard let kind = CommandKind(rawValue: name) else {
          throw section.error(at: "forbid", Self.unknownCommand(name))
        }
        forbidden.append(kind)
      }
    }
    if let value = try section.duration("minimum_interval", in: CollectorSettings.intervals) {
      minimumInterval = value
    }
  }

  private static func unknownCommand(_ name: String) -> String {
    let names = CommandKind.allCases.map(\.rawValue)
    if let nearest = NearestWord.find(name, among: names) {
      return "\(name.prefix(64)) is not a command; did you mean \(nearest)?"
    }
    return "\(name.prefix(64)) is not a command; known are \(names.joined(separator: ", "))"
  }
}

extension BudgetSettings {
  /// Reads the section `budget`.
  mutating func read(_ section: SettingsSection) throws(SettingsError) {
    let percent = { (text: String) throws(InvalidValue) in
      try PercentText.parse(text, in: ConfigSchema.cpuBudgetRatio)
    }
    if let value = try section.value("cpu", "a percentage", percent) { cpuRatio = value }
    if let value = try section.bytes("memory", in: CollectorSettings.memoryBudgetBytes) {
      memoryBytes = value
    }
    if let value = try section.bytes("bytes", in: CollectorSettings.bytesPerSecondBudget) {
      bytesPerSecond = value
    }
  }
}

extension CollectorSettings {
  /// `sources`: by name, `on`, `off`, or an interval of its own.
  static func sources(_ section: SettingsSection) throws(SettingsError) -> [String: SourceSettings] {
    var sources: [String: SourceSettings] = [:]
    for name in ConfigSchema.sourceNames.sorted() {
      let read = { (text: String) throws(InvalidValue) in try SourceSettings(text) }
      if let source = try section.value(name, "on, off or an interval", read) { sources[name] = source }
    }
    return sources
  }
}

extension SourceSettings {
  /// `on`, `off`, or an interval, which means on, too.
  init(_ text: String) throws(InvalidValue) {
    switch OnOff(rawValue: text) {
    case .on: self.init()
    case .off: self.init(isEnabled: false)
    case nil:
      guard DurationText.parse(text) != nil else {
        throw InvalidValue("expected on, off or an interval such as 15s, found \"\(text.prefix(60))\"")
      }
      let interval = try SettingValue.duration(text, in: CollectorSettings.intervals)
      guard interval.isWholeMilliseconds else { throw InvalidValue("must be whole milliseconds") }
      self.init(interval: interval)
    }
  }

  /// As the file says it.
  var text: String { isEnabled ? interval.map(DurationText.text) ?? "on" : "off" }
}

extension Duration {
  /// Whether nothing is left below a millisecond: what the wire can say.
  var isWholeMilliseconds: Bool { components.attoseconds % 1_000_000_000_000_000 == 0 }
}
