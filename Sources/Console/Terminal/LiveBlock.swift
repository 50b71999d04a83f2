import Glibc

/// A few lines at the bottom of the terminal that are drawn anew in place, while what is printed for good
/// scrolls by above them. Drawn on standard error, so that standard output holds answers alone.
struct LiveBlock {
  private var height = 0

  /// Nil if standard error is no terminal, or one that cannot move its cursor.
  init?() {
    let kind = getenv("TERM").map { String(cString: $0) } ?? ""
    guard isatty(STDERR_FILENO) == 1, !kind.isEmpty, kind != "dumb" else { return nil }
  }

  /// Columns and rows there are.
  var size: Terminal.Size { Terminal.Size(of: STDERR_FILENO) ?? Terminal.Size(columns: 80, rows: 24) }

  /// Puts these lines where the last ones were. No line may be wider than the terminal; more lines than
  /// fit are left out, since the cursor cannot go back to what has scrolled away.
  mutating func show(_ lines: [String]) {
    let shown = Array(lines.prefix(max(1, size.rows - 1)))
    StandardError.write(Self.sequence(over: height, lines: shown))
    height = shown.count
  }

  /// Takes the lines away, so that something can be printed.
  mutating func clear() {
    guard height > 0 else { return }
    StandardError.write(Self.sequence(over: height, lines: []))
    height = 0
  }

  /// Back to the first of the old lines, erase to the end of the screen, the new lines. The cursor is left
  /// at the end of the last line.
  static func sequence(over height: Int, lines: [String]) -> String {
    let back = height > 1 ? "\r\u{1B}[\(height - 1)A" : "\r"
    return back + "\u{1B}[J" + lines.joined(separator: "\n")
  }
}
