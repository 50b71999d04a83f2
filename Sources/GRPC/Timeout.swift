/// The `grpc-timeout` header (PROTOCOL-HTTP2.md): at most 8 digits and a unit.
enum Timeout {
  private static let digitsMaximum = 8
  private static let largest: Int64 = 99_999_999

  /// The smallest unit that can hold the duration; rounded up, so that the server never gives up before the
  /// client. Always positive, as the grammar wants it.
  static func format(_ duration: Duration) -> String {
    let nanoseconds = max(duration.saturatedNanoseconds, 1)
    for (unit, scale) in units {
      let count = nanoseconds / scale + (nanoseconds % scale == 0 ? 0 : 1)
      if count <= largest { return "\(count)\(unit)" }
    }
    return "\(largest)H"
  }

  /// Nil when the text is not a timeout.
  static func parse(_ text: String) -> Duration? {
    let digits = text.utf8.dropLast()
    guard let unit = text.utf8.last, (1...digitsMaximum).contains(digits.count),
      let scale = units.first(where: { $0.unit.utf8.first == unit })?.nanoseconds
    else { return nil }
    var count: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      count = count * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    // 8 digits of hours are 3.6e20 ns, more than the 292 years of an Int64.
    let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: scale)
    return .nanoseconds(overflow ? .max : nanoseconds)
  }

  private static let units: [(unit: String, nanoseconds: Int64)] = [
    ("n", 1), ("u", 1000), ("m", 1_000_000), ("S", 1_000_000_000), ("M", 60_000_000_000),
    ("H", 3_600_000_000_000),
  ]
}
