/// The name of a file below `/sys/class/hwmon/hwmon*`: `temp1_crit_alarm` is the element `crit_alarm` of the sensor
/// `temp1`. Documentation/hwmon/sysfs-interface.rst
public struct SensorFileName: Hashable, Sendable {
  /// What is measured: `temp`, `fan`, `in`, …
  public let type: String
  /// Which of those; 0 if the name has no number.
  public let number: Int
  /// What of it: `input`, `crit_alarm`; empty for the sensor itself, `pwm1`.
  public let element: String

  /// The kinds of sensors that there are, and the attributes of a whole chip.
  public static let types: Set<String> = [
    "beep_enable", "cpu", "curr", "energy", "fan", "freq", "humidity", "in", "intrusion", "power", "pwm",
    "temp",
    "update_interval", "vrm",
  ]

  /// Nil if it is no sensor's file.
  public init?(_ name: String) {
    let type = name.utf8.prefix { !Self.isDigit($0) }
    var rest = name.utf8.dropFirst(type.count)
    let digits = rest.prefix(while: Self.isDigit)
    rest = rest.dropFirst(digits.count)
    guard Self.types.contains(String(Substring(type))) else { return nil }
    guard let number = digits.isEmpty ? 0 : Int(Substring(digits)) else { return nil }
    if !rest.isEmpty {
      guard rest.first == UInt8(ascii: "_"), rest.count > 1 else { return nil }
    }
    self.type = String(Substring(type))
    self.number = number
    element = String(Substring(rest.dropFirst()))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
