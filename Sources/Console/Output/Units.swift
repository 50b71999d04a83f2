/// Figures as people read them in a terminal: short, aligned, and never more precise than they are.
enum Units {
  /// `0.0%` to `100%`; a figure that is not known is `-`.
  static func percent(_ ratio: Double) -> String {
    guard ratio.isFinite else { return "-" }
    let percent = ratio * 100
    return percent < 99.95 ? "\(fixed(percent, 1))%" : "\(fixed(percent, 0))%"
  }

  /// Bytes in powers of 1024: `0B`, `17K`, `1.5M`, `32G`.
  static func bytes(_ count: Double) -> String {
    scaled(count, by: 1024, units: ["B", "K", "M", "G", "T", "P", "E"])
  }

  /// Plain numbers in powers of 1000: `0`, `950`, `1.2k`, `3.4M`.
  static func count(_ number: Double) -> String {
    scaled(number, by: 1000, units: ["", "k", "M", "G", "T", "P", "E"])
  }

  /// A number and what is counted: `1 host`, `12 hosts`.
  static func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// How long ago or how long: `120ms`, `4.2s`, `3m10s`, `2h5m`, `3d4h`.
  static func duration(microseconds: Int64) -> String {
    let sign = microseconds < 0 ? "-" : ""
    let magnitude = microseconds.magnitude
    let seconds = magnitude / 1_000_000
    switch magnitude {
    case ..<1_000: return "\(sign)\(magnitude)us"
    case ..<1_000_000: return "\(sign)\(magnitude / 1_000)ms"
    case ..<10_000_000: return "\(sign)\(fixed(Double(magnitude) / 1_000_000, 1))s"
    case ..<60_000_000: return "\(sign)\(seconds)s"
    case ..<3_600_000_000: return "\(sign)\(seconds / 60)m\(seconds % 60)s"
    case ..<86_400_000_000: return "\(sign)\(seconds / 3_600)h\(seconds / 60 % 60)m"
    default: return "\(sign)\(seconds / 86_400)d\(seconds / 3_600 % 24)h"
    }
  }

  /// A number with a fixed count of decimals, rounded half away from zero; `-` if it is not finite.
  static func fixed(_ number: Double, _ decimals: Int) -> String {
    guard number.isFinite else { return "-" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (number.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(number)" }
    let digits = UInt64(scaled)
    let sign = number < 0 && digits != 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(digits)" }
    let fraction = String(digits % UInt64(scale))
    let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
    return "\(sign)\(digits / UInt64(scale)).\(zeros)\(fraction)"
  }

  private static func scaled(_ number: Double, by base: Double, units: [String]) -> String {
    guard number.isFinite else { return "-" }
    var rest = number
    var unit = 0
    // What would be shown as the base itself belongs to the next unit.
    while rest.magnitude >= base - 0.5, unit < units.count - 1 {
      rest /= base
      unit += 1
    }
    let decimals = unit > 0 && rest.magnitude < 9.95 ? 1 : 0
    return fixed(rest, decimals) + units[unit]
  }
}
