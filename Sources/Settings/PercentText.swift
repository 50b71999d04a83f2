/// Shares as people write them: `2%`, `0.05%`.
///
/// A share is kept as a ratio; both ways are exact to a ten-thousandth of a percent, so that what was read is
/// what is shown.
public enum PercentText {
  /// A ten-thousandth of a percent, the finest that is read.
  private static let unitsPerOne = 1_000_000.0
  private static let decimals = 4

  /// The ratio that a text such as `2.5%` says, within the range.
  public static func parse(_ text: String, in range: ClosedRange<Double>) throws(InvalidValue) -> Double {
    guard let units = units(of: text) else {
      throw InvalidValue("expected a percentage, such as 2% or 0.5%, with at most \(decimals) decimals")
    }
    let ratio = Double(units) / unitsPerOne
    guard range.contains(ratio) else {
      throw InvalidValue(
        "\(text) is out of range; accepted is \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
      )
    }
    return ratio
  }

  /// The shortest form of a ratio: 0.02 is `2%`. What is no number, or less than nothing, is `0%`.
  public static func text(_ ratio: Double) -> String {
    // A ratio from elsewhere may be anything at all; what is shown is cut to what fits.
    let units = ratio > 0 ? Int(min((ratio * unitsPerOne).rounded(), 1e15)) : 0
    let fraction = String(units % 10_000 + 10_000).dropFirst()
    let significant = fraction.reversed().drop { $0 == "0" }.reversed()
    return significant.isEmpty ? "\(units / 10_000)%" : "\(units / 10_000).\(String(significant))%"
  }

  private static func units(of text: String) -> Int? {
    guard text.hasSuffix("%"), text.utf8.count <= 16 else { return nil }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : "0"
    guard parts.count <= 2, isNumber(parts[0]), isNumber(fraction), fraction.count <= decimals,
      let whole = Int(parts[0]),
      let rest = Int(fraction + String(repeating: "0", count: decimals - fraction.count))
    else { return nil }
    let (units, overflow) = whole.multipliedReportingOverflow(by: 10_000)
    return overflow || units > Int.max - rest ? nil : units + rest
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  }
}
