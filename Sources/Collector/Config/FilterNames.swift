import Sampling
import Wire

extension FilterSettings {
  /// The filters by the names they have in settings and configs.
  nonisolated(unsafe) private static let names: [(name: String, path: WritableKeyPath<Self, NameFilter>)] = [
    ("disk_devices", \.diskDevices),
    ("mount_points", \.mountPoints),
    ("filesystem_types", \.filesystemTypes),
    ("network_interfaces", \.networkInterfaces),
    ("vmstat_fields", \.vmstatFields),
    ("netstat_fields", \.netstatFields),
    ("cgroups", \.cgroups),
    ("systemd_units", \.systemdUnits),
  ]

  /// What a config says of one filter: its lists replace both of the host's. Without any pattern nothing is
  /// left out.
  mutating func overlay(_ filter: FilterConfig) {
    guard let path = Self.names.first(where: { $0.name == filter.name })?.path else { return }
    self[keyPath: path].include = filter.include.isEmpty ? nil : filter.include.map(GlobPattern.init)
    let keepsAll = filter.exclude.isEmpty && !filter.include.isEmpty
    self[keyPath: path].exclude = keepsAll ? nil : filter.exclude.map(GlobPattern.init)
  }

  /// What is not the default, as a settings file writes it: `filters.mount_points.exclude` is `[/mnt/*]`.
  var entries: [(key: String, value: String)] {
    let defaults = FilterSettings()
    var entries = lists
    if cgroupsLimit != defaults.cgroupsLimit { entries.append(("cgroups_limit", "\(cgroupsLimit)")) }
    if topProcesses != defaults.topProcesses { entries.append(("top_processes", "\(topProcesses)")) }
    if processGrouping != defaults.processGrouping {
      entries.append(("process_groups", GroupedBy(processGrouping).rawValue))
    }
    return entries
  }

  private var lists: [(key: String, value: String)] {
    Self.names.flatMap { name, path in
      [("include", self[keyPath: path].include), ("exclude", self[keyPath: path].exclude)].compactMap {
        list, patterns in
        patterns.map { ("filters.\(name).\(list)", "[\($0.map(\.text).joined(separator: ", "))]") }
      }
    }
  }
}
