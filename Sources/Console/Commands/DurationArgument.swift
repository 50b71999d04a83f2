import Settings

/// A time span as it is typed, as in configuration files: `100ms`, `5s`, `1m`, `2h`.
public struct DurationArgument: Hashable, Sendable {
  /// How long it is, in milliseconds.
  public let milliseconds: UInt32

  /// Nil if the text is no duration, is not a whole number of milliseconds, or is longer than 49 days.
  public init?(_ text: String) {
    guard let duration = DurationText.parse(text) else { return nil }
    let (seconds, attoseconds) = duration.components
    let (base, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    guard !overflow, attoseconds % 1_000_000_000_000_000 == 0,
      let milliseconds = UInt32(exactly: base + attoseconds / 1_000_000_000_000_000)
    else { return nil }
    self.milliseconds = milliseconds
  }

  /// So many milliseconds.
  public init(milliseconds: UInt32) {
    self.milliseconds = milliseconds
  }

  /// The shortest form: `5s`.
  public var text: String { DurationText.text(.milliseconds(milliseconds)) }
}
