/// Durations as people write them: a whole number and a unit.
public enum DurationText {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
    ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
  ]

  /// `100ms`, `5s`, `1m`, `2h`, `7d`; nil for anything else, and for what is longer than 292 years.
  public static func parse(_ text: String) -> Duration? {
    guard let (number, unit) = splitNumber(text),
      let nanoseconds = units.first(where: { $0.name == unit })?.nanoseconds
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: nanoseconds)
    return overflow ? nil : .nanoseconds(product)
  }

  /// The shortest exact form: 90 s is `90s`, 60 s is `1m`, zero is `0s`.
  public static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return "\(seconds)s" }
    let nanoseconds = whole &+ attoseconds / 1_000_000_000
    guard nanoseconds != 0 else { return "0s" }
    let unit = units.first { nanoseconds % $0.nanoseconds == 0 } ?? ("ns", 1)
    return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
  }
}

/// Numbers of bytes as people write them.
public enum ByteSize {
  private static let units: [(name: String, bytes: Int64)] = [
    ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1), ("", 1),
  ]

  /// `65536`, `64KiB`, `16MiB`, `1GB`; nil for anything else.
  public static func parse(_ text: String) -> Int? {
    guard let (number, unit) = splitNumber(text),
      let bytes = units.first(where: { $0.name == unit })?.bytes
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: bytes)
    return overflow ? nil : Int(product)
  }

  /// The shortest exact binary form: 65536 is `64KiB`, 1000 is `1000`.
  public static func text(_ bytes: Int) -> String {
    let unit = units.prefix(3).first { bytes != 0 && Int64(bytes) % $0.bytes == 0 } ?? ("", 1)
    return "\(Int64(bytes) / unit.bytes)\(unit.name)"
  }
}

/// A text's digits as a number, and what follows them.
private func splitNumber(_ text: String) -> (Int64, Substring)? {
  let digits = text.utf8.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  guard let number = Int64(String(digits) ?? "") else { return nil }
  return (number, text[digits.endIndex...])
}
