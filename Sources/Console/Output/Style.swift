import Glibc

/// Colours and weights, or none: off when the output is no terminal, when `NO_COLOR` is set
/// (https://no-color.org), or when the terminal is `dumb`.
struct Style: Sendable {
  /// Whether escape sequences may be written at all.
  let isEnabled: Bool

  /// A style that is on or off.
  init(isEnabled: Bool) {
    self.isEnabled = isEnabled
  }

  /// What suits a file descriptor and the environment.
  static func suiting(descriptor: Int32) -> Style {
    let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    return Style(isEnabled: isatty(descriptor) == 1 && !noColor && !dumb)
  }

  /// Headings.
  func bold(_ text: String) -> String { wrap(text, "1") }
  /// What matters less.
  func dim(_ text: String) -> String { wrap(text, "2") }
  /// What is wrong.
  func red(_ text: String) -> String { wrap(text, "31") }
  /// What is well.
  func green(_ text: String) -> String { wrap(text, "32") }
  /// What wants a look.
  func yellow(_ text: String) -> String { wrap(text, "33") }
  /// Names of things.
  func cyan(_ text: String) -> String { wrap(text, "36") }
  /// The line the cursor is on.
  func reversed(_ text: String) -> String { wrap(text, "7") }

  /// Green, yellow from `warn`, red from `alarm`; plain if the figure is not known.
  func graded(_ text: String, _ figure: Double, warn: Double, alarm: Double) -> String {
    guard figure.isFinite else { return dim(text) }
    return figure >= alarm ? red(text) : figure >= warn ? yellow(text) : text
  }

  private func wrap(_ text: String, _ code: String) -> String {
    isEnabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
