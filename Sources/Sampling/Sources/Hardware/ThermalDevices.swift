import ProcFS

/// `/sys/class/thermal`: zones with a temperature, and what cools them. Documentation/driver-api/thermal/sysfs-api.rst
enum ThermalDevices {
  static let attributes: [DeviceFolderSource.Attribute] = [
    .number(
      "temp",
      .gauge(
        "node_thermal_zone_temp", "Temperature of a zone, in degrees Celsius.", labels: ["zone", "type"],
        divisor: 1000),
      [.made { number(of: $0, behind: "thermal_zone") }, .file("type")]),
    .number(
      "cur_state", cooling("cur_state", "How much a device cools; -1 if it does not know."), coolingLabels),
    .number("max_state", cooling("max_state", "How much a device can cool."), coolingLabels),
  ]

  private static let coolingLabels: [DeviceFolderSource.LabelValue] = [
    .made { number(of: $0, behind: "cooling_device") }, .file("type"),
  ]

  private static func cooling(_ name: String, _ help: String) -> Metric {
    .gauge("node_cooling_device_\(name)", help, labels: ["name", "type"])
  }

  private static func number(of name: String, behind prefix: String) -> String {
    String(name.dropFirst(prefix.count))
  }

  static func source(root: ProcRoot) -> DeviceFolderSource {
    DeviceFolderSource(
      root: root, folder: "sys/class/thermal",
      isDevice: { $0.hasPrefix("thermal_zone") || $0.hasPrefix("cooling_device") }, attributes: attributes)
  }
}
