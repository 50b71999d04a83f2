import Glibc

/// The operator's terminal in raw mode on its alternate screen. There is one; whoever opened it
/// restores it, and `deinit` does so at the latest.
final class Terminal {
  /// Columns and rows.
  struct Size: Equatable, Sendable {
    /// Columns.
    var columns: Int
    /// Rows.
    var rows: Int

    /// A size of so many columns and rows.
    init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }

    /// The size of the terminal behind a descriptor; nil if there is none, or it does not say.
    init?(of descriptor: Int32) {
      var window = winsize()
      guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
        return nil
      }
      self.init(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
  }

  private let input: Int32
  private let output: Int32
  private var saved = termios()
  private var isRaw = false
  private var lastFrame: [String] = []

  /// Switches to raw mode and the alternate screen. `nil` if either end is no terminal.
  init?(input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO) {
    self.input = input
    self.output = output
    guard isatty(input) == 1, isatty(output) == 1, tcgetattr(input, &saved) == 0 else { return nil }
    var raw = saved
    cfmakeraw(&raw)
    guard tcsetattr(input, TCSAFLUSH, &raw) == 0 else { return nil }
    isRaw = true
    // Alternate screen, cursor hidden, no wrapping at the right edge.
    write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J")
  }

  deinit { restore() }

  /// Gives the terminal back as it was. Harmless when called twice.
  func restore() {
    guard isRaw else { return }
    isRaw = false
    write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
    tcsetattr(input, TCSAFLUSH, &saved)
  }

  /// The size now; 80 by 24 if the terminal does not say.
  var size: Size { Size(of: output) ?? Size(columns: 80, rows: 24) }

  /// Forgets what is on the screen, so that the next frame is drawn whole.
  func invalidate() {
    lastFrame = []
    write("\u{1B}[2J")
  }

  /// Shows these lines from the top; only those that differ from the last frame are written, in
  /// one write, so that nothing flickers.
  func draw(_ lines: [String]) {
    var changes = ""
    for (row, line) in lines.enumerated() where row >= lastFrame.count || lastFrame[row] != line {
      // Erased before it is written: erasing after it would take the last column of a full line.
      changes += "\u{1B}[\(row + 1);1H\u{1B}[K\(line)\u{1B}[0m"
    }
    if lines.count < lastFrame.count { changes += "\u{1B}[\(lines.count + 1);1H\u{1B}[J" }
    lastFrame = lines
    if !changes.isEmpty { write(changes) }
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, rest.count > 0 {
        let written = Glibc.write(output, start, rest.count)
        if written < 0 && errno == EINTR { continue }
        // A terminal that is gone is noticed by the reader of its input.
        if written <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }
}
