/// Doubles as Go's `strconv.FormatFloat(value, 'g', -1, 64)` writes them, which is how Prometheus' own client
/// libraries print values: the fewest digits that are read back as the same double, with an exponent where
/// that is below -4 or above 5. 123456 is `123456`, 1234567 is `1.234567e+06`.
enum GoFloat {
  static func text(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    let sign = value.sign == .minus ? "-" : ""
    if value == 0 { return sign + "0" }
    let (digits, exponent) = shortestDigits(of: value.magnitude)
    if exponent < -4 || exponent > 5 { return sign + scientific(digits, exponent) }
    return sign + positional(digits, exponent)
  }

  /// The digits without zeros at either end, and the power of ten of the first one. Swift's own description
  /// has just these digits.
  private static func shortestDigits(of value: Double) -> (digits: [Character], exponent: Int) {
    let parts = value.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let scale = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    var digits = mantissa.flatMap { Array($0) }
    var exponent = mantissa[0].count - 1 + scale
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (digits, exponent)
  }

  /// `1.234567e+06`; the exponent has two digits at least.
  private static func scientific(_ digits: [Character], _ exponent: Int) -> String {
    let fraction = digits.count > 1 ? "." + String(digits[1...]) : ""
    let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return "\(digits[0])\(fraction)e\(exponent < 0 ? "-" : "+")\(power)"
  }

  /// `123.45`, `0.001`, `120000`.
  private static func positional(_ digits: [Character], _ exponent: Int) -> String {
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
    let places = exponent + 1
    if digits.count <= places { return String(digits) + String(repeating: "0", count: places - digits.count) }
    return String(digits[..<places]) + "." + String(digits[places...])
  }
}
