import ProcFS

/// `/sys/class/power_supply`: batteries, mains, USB. Documentation/ABI/testing/sysfs-class-power
enum PowerSupplies {
  static let attributes: [DeviceFolderSource.Attribute] =
    [info] + plain.map { attribute($0, $1, "", 1) }
    + micro.map { attribute($0, $1, " In base units.", 1_000_000) }
    + tenths.map { attribute($0, $1, " In degrees Celsius.", 10) }

  /// Attributes that are facts: labels of their own name.
  private static let facts = [
    "capacity_level", "charge_type", "health", "manufacturer", "model_name", "scope", "serial_number",
    "status",
    "technology", "type", "usb_type",
  ]

  private static let info: DeviceFolderSource.Attribute = {
    var info = DeviceFolderSource.Attribute.info(
      .gauge(
        "node_power_supply_info", "What a power supply is, and how it is; always 1.",
        labels: ["power_supply"] + facts),
      [.name] + facts.map { .file($0) })
    info.omitsEmptyLabels = true
    return info
  }()

  /// Attributes, and what they are called behind `node_power_supply_`; nil: the same.
  private static let plain: [(String, String?)] = [
    ("authentic", nil), ("calibrate", nil), ("capacity", nil), ("capacity_alert_max", nil),
    ("capacity_alert_min", nil), ("cycle_count", "cyclecount"), ("online", nil), ("present", nil),
    ("time_to_empty_now", "time_to_empty_seconds"), ("time_to_full_now", "time_to_full_seconds"),
  ]

  /// In millionths of an ampere, an ampere hour, a volt, a watt, a watt hour.
  private static let micro: [(String, String?)] = [
    ("charge_control_limit", nil), ("charge_control_limit_max", nil), ("charge_counter", nil),
    ("charge_empty", nil), ("charge_empty_design", nil), ("charge_full", nil), ("charge_full_design", nil),
    ("charge_now", "charge_ampere"), ("charge_term_current", nil), ("constant_charge_current", nil),
    ("constant_charge_current_max", nil), ("constant_charge_voltage", nil),
    ("constant_charge_voltage_max", nil), ("current_boot", nil), ("current_max", nil),
    ("current_now", "current_ampere"), ("energy_empty", nil), ("energy_empty_design", nil),
    ("energy_full", nil), ("energy_full_design", nil), ("energy_now", "energy_watthour"),
    ("input_current_limit", nil), ("power_now", "power_watt"), ("precharge_current", nil),
    ("voltage_boot", nil), ("voltage_max", nil), ("voltage_max_design", nil), ("voltage_min", nil),
    ("voltage_min_design", nil), ("voltage_now", "voltage_volt"), ("voltage_ocv", nil),
  ]

  private static let tenths: [(String, String?)] = [
    "temp", "temp_alert_max", "temp_alert_min", "temp_ambient", "temp_ambient_max", "temp_ambient_min",
    "temp_max", "temp_min",
  ].map { ($0, "\($0)_celsius") }

  private static func attribute(
    _ file: String, _ name: String?, _ unit: String, _ divisor: UInt32
  ) -> DeviceFolderSource.Attribute {
    .number(
      file,
      .gauge(
        "node_power_supply_\(name ?? file)", "`\(file)` of a power supply.\(unit)", labels: ["power_supply"],
        divisor: divisor))
  }

  static func source(root: ProcRoot) -> DeviceFolderSource {
    DeviceFolderSource(root: root, folder: "sys/class/power_supply", attributes: attributes)
  }
}
