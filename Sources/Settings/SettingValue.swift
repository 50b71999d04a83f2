/// Why a text is no acceptable value: half a sentence that also says what is accepted.
public struct InvalidValue: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong and what is accepted.
  public var description: String

  /// A reason; the one who knows the key puts it in front.
  public init(_ description: String) {
    self.description = description
  }
}

/// Texts to values, each checked against what is accepted: the one reading for files and for
/// command line flags.
public enum SettingValue {
  /// A whole number, decimal.
  public static func integer(_ text: String, in range: ClosedRange<Int>) throws(InvalidValue) -> Int {
    guard let value = Int(text), text.utf8.first != UInt8(ascii: "+") else {
      throw InvalidValue("expected a whole number, found \(quoted(text))")
    }
    guard range.contains(value) else {
      throw outOfRange(text, "\(range.lowerBound)", "\(range.upperBound)")
    }
    return value
  }

  /// `true` or `false`.
  public static func boolean(_ text: String) throws(InvalidValue) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    default: throw InvalidValue("expected true or false, found \(quoted(text))")
    }
  }

  /// A whole number and a unit: `100ms`, `5s`, `1m`, `2h`, `7d`.
  public static func duration(
    _ text: String, in range: ClosedRange<Duration>
  ) throws(InvalidValue) -> Duration {
    guard let value = DurationText.parse(text) else {
      throw InvalidValue(
        "expected a whole number and a unit, such as 100ms, 5s, 1m or 2h, found \(quoted(text))")
    }
    guard range.contains(value) else {
      throw outOfRange(text, DurationText.text(range.lowerBound), DurationText.text(range.upperBound))
    }
    return value
  }

  /// A number of bytes: `65536`, `64KiB`, `16MiB`, `1GiB`, or decimal `kB`, `MB`, `GB`.
  public static func bytes(_ text: String, in range: ClosedRange<Int>) throws(InvalidValue) -> Int {
    guard let value = ByteSize.parse(text) else {
      throw InvalidValue(
        "expected a number of bytes, such as 65536, 64KiB or 16MiB, found \(quoted(text))")
    }
    guard range.contains(value) else {
      throw outOfRange(text, ByteSize.text(range.lowerBound), ByteSize.text(range.upperBound))
    }
    return value
  }

  /// One of an enumeration's words.
  public static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String, of type: Choice.Type
  ) throws(InvalidValue) -> Choice where Choice.RawValue == String {
    if let value = Choice(rawValue: text) { return value }
    let words = Choice.allCases.map(\.rawValue)
    let list = words.dropLast().joined(separator: ", ") + (words.count > 1 ? " or " : "") + (words.last ?? "")
    throw InvalidValue("expected \(list), found \(quoted(text))")
  }

  /// A value as errors repeat it: in quotes, cut when long, control characters replaced.
  static func quoted(_ text: String) -> String {
    let limit = SettingsLimits.maximumQuotedCharacters
    let shown = text.unicodeScalars.prefix(limit).map { $0.properties.generalCategory == .control ? "?" : $0 }
    var out = String.UnicodeScalarView()
    out.append(contentsOf: shown)
    return "\"\(String(out))\(text.unicodeScalars.count > limit ? "…" : "")\""
  }

  private static func outOfRange(_ text: String, _ low: String, _ high: String) -> InvalidValue {
    InvalidValue("\(text) is out of range; accepted is \(low) to \(high)")
  }
}
