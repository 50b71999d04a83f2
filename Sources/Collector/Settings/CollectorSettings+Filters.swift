import Sampling
import Settings
import Wire

/// Words of `process_groups`.
enum GroupedBy: String, CaseIterable {
  case command, unit, off

  var grouping: ProcessGrouping {
    switch self {
    case .command: .command
    case .unit: .unit
    case .off: .none
    }
  }

  init(_ grouping: ProcessGrouping) {
    self = Self.allCases.first { $0.grouping == grouping } ?? .off
  }
}

extension FilterSettings {
  /// Reads the section `filters`: per kind of name, an `include` list, an `exclude` list, or both.
  mutating func read(_ section: SettingsSection) throws(SettingsError) {
    try Self.read(section, "disk_devices", &diskDevices)
    try Self.read(section, "mount_points", &mountPoints)
    try Self.read(section, "filesystem_types", &filesystemTypes)
    try Self.read(section, "network_interfaces", &networkInterfaces)
    try Self.read(section, "vmstat_fields", &vmstatFields)
    try Self.read(section, "netstat_fields", &netstatFields)
    try Self.read(section, "cgroups", &cgroups)
    try Self.read(section, "systemd_units", &systemdUnits)
  }

  private static func read(
    _ section: SettingsSection, _ key: String, _ filter: inout NameFilter
  ) throws(SettingsError) {
    guard let lists = try section.section(key) else { return }
    filter.include = try patterns(lists, "include")
    filter.exclude = try patterns(lists, "exclude")
  }

  private static func patterns(
    _ section: SettingsSection, _ key: String
  ) throws(SettingsError) -> [GlobPattern]? {
    guard let texts = try section.stringList(key, maximumCount: maximumPatterns) else { return nil }
    for text in texts where text.isEmpty || text.utf8.count > GlobPattern.maximumBytes {
      throw section.error(at: key, "has a pattern that is not 1 to \(GlobPattern.maximumBytes) bytes long")
    }
    return texts.map(GlobPattern.init)
  }

  /// Patterns of one list.
  static let maximumPatterns = 256
}
