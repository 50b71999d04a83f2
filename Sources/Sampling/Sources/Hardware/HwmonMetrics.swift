import ProcFS

/// How a sensor's values are shown: the metric by the kind of sensor and the element.
///
/// Names and units are node_exporter's. It gives flags like `crit_alarm` the sensor's unit, too: 0.001 means yes.
enum HwmonMetrics {
  static let chipNames = Metric.gauge(
    "node_hwmon_chip_names", "What the chip's driver calls it.", labels: ["chip", "chip_name"])
  static let sensorLabel = Metric.gauge(
    "node_hwmon_sensor_label", "What the sensor measures, in the driver's words.",
    labels: ["chip", "sensor", "label"])

  /// All there are. What stands in angle brackets is the kind of sensor, and the element behind it.
  static let all = [
    chipNames, sensorLabel, flag, beep, volts, celsius, amperes, joules, accuracy, seconds, watts, humidity,
    rpm,
    megahertz, beepEnabled, regulatorVersion, updateInterval, other,
  ]

  private static let flag = sensor("<sensor>_<alarm>", "Whether there is an alarm, or a fault.")
  private static let beep = sensor("<sensor>_enabled", "Whether the chip beeps at an alarm of this sensor.")
  private static let volts = sensor("<voltage>_volts", "Voltage, or a limit of it.", divisor: 1000)
  private static let celsius = sensor(
    "<temperature>_celsius", "Temperature, or a limit of it.", divisor: 1000)
  private static let amperes = sensor("<current>_amps", "Current, or a limit of it.", divisor: 1000)
  private static let joules = Metric.counter(
    "node_hwmon_<energy>_joule_total", "Energy used so far.", labels: ["chip", "sensor"], divisor: 1_000_000)
  private static let accuracy = sensor(
    "<power_accuracy>", "How accurate a power meter is, 0 to 1.", divisor: 1_000_000)
  private static let seconds = sensor(
    "<power_average_interval>_seconds", "How long power is averaged.", divisor: 1000)
  private static let watts = sensor("<power>_watt", "Power, or a limit of it.", divisor: 1_000_000)
  private static let humidity = sensor("<humidity>", "Relative humidity, 0 to 1.", divisor: 100_000)
  private static let rpm = sensor("<fan>_rpm", "Revolutions a minute.")
  private static let megahertz = sensor(
    "<frequency>_freq_mhz", "Frequency. The label `sensor` is the sensor's own label, if it has one.",
    divisor: 1_000_000)
  private static let beepEnabled = sensor("beep_enabled", "Whether the chip beeps.")
  private static let regulatorVersion = sensor("voltage_regulator_version", "Version of the VRM.")
  private static let updateInterval = sensor(
    "update_interval_seconds", "How often the chip measures.", divisor: 1000)
  private static let other = sensor("<other>", "What has no unit: `fan_div`, `pwm`, `temp_type`.")

  private static func sensor(_ name: String, _ help: String, divisor: UInt32 = 1) -> Metric {
    .gauge("node_hwmon_\(name)", help, labels: ["chip", "sensor"], divisor: divisor)
  }

  /// The metric of a file, and the name it has for that. `hasBare`: whether there is a file without any element,
  /// too. Nil for what is no number.
  static func metric(of file: SensorFileName, hasBare: Bool) -> (Metric, name: String)? {
    switch file.element {
    case "label", "model_number", "oem_info", "serial_number": return nil
    default: break
    }
    let metric = kind(of: file)
    var stem = file.type
    if file.element != "input" || hasBare {
      let element = HwmonNames.cleaned(file.element)
      if !element.isEmpty { stem += "_" + element }
    }
    return (metric, metric.name(stem: stem))
  }

  private static func kind(of file: SensorFileName) -> Metric {
    switch (file.type, file.element) {
    case ("beep_enable", ""): beepEnabled
    case ("vrm", ""): regulatorVersion
    case ("update_interval", ""): updateInterval
    case (_, "alarm"), (_, "fault"): flag
    case (_, "beep"): beep
    case ("in", _), ("cpu", _): volts
    case ("temp", "type"): other
    case ("temp", _): celsius
    case ("curr", _): amperes
    case ("energy", _): joules
    case ("power", "accuracy"): accuracy
    case ("power", "average_interval"), ("power", "average_interval_min"), ("power", "average_interval_max"):
      seconds
    case ("power", _): watts
    case ("humidity", _): humidity
    case ("fan", "input"), ("fan", "min"), ("fan", "max"), ("fan", "target"): rpm
    case ("freq", "input"): megahertz
    default: other
    }
  }
}

extension Metric {
  /// The name with `stem` in place of what stands in angle brackets.
  fileprivate func name(stem: String) -> String {
    guard let start = name.firstIndex(of: "<"), let end = name.lastIndex(of: ">") else { return name }
    return name[..<start] + stem + name[name.index(after: end)...]
  }
}
