import Glibc
import Wire

/// A rollout that is followed: drawn in place on a terminal, printed line by line elsewhere, as JSON for
/// programs. One thing at a time.
actor RolloutScreen {
  private let output: OutputFormat
  private let style = Style.suiting(descriptor: STDERR_FILENO)
  private let unicode = Locale.isUnicode
  private var block: LiveBlock?
  private var log = RolloutLog()
  private var rollout: Rollout?
  private var connection: String?
  /// The aggregator's clock minus ours, microseconds.
  private var clockOffset: Int64 = 0

  /// Nothing is shown yet.
  init(output: OutputFormat) {
    self.output = output
    // Where the output goes into a file, lines are wanted, not a picture.
    block = output == .table && isatty(STDOUT_FILENO) == 1 ? LiveBlock() : nil
  }

  /// The rollout as last heard of.
  var last: Rollout? { rollout }

  /// Takes the rollout as it stands.
  func show(_ rollout: Rollout) throws {
    self.rollout = rollout
    connection = nil
    if rollout.serverTimeMicroseconds > 0 {
      clockOffset = rollout.serverTimeMicroseconds &- WallClock.microseconds
    }
    switch output {
    case .json: StandardOutput.write(try JSONOutput.line(RolloutDocument(rollout)))
    case .table where block != nil: draw()
    case .table:
      for line in log.lines(rollout) { StandardOutput.write(line + "\n") }
    }
  }

  /// The aggregator went away; the rollout waits for it where it stands.
  func lose(_ reason: String) {
    let isNews = connection == nil
    connection = reason
    if block == nil, isNews {
      StandardError.write("lost the aggregator, trying again: \(reason.printable)\n")
    }
    draw()
  }

  /// Draws anew: a countdown goes on between two words of the aggregator.
  func draw() {
    guard let rollout, let size = block?.size else { return }
    let view = RolloutView(
      style: style, unicode: unicode, columns: size.columns, now: WallClock.microseconds &+ clockOffset)
    block?.show(view.lines(rollout, connection: connection))
  }

  /// Nothing more will be shown: what was drawn stays, and the cursor is beneath it.
  func end() {
    guard block != nil, rollout != nil else { return }
    draw()
    block = nil
    StandardError.write("\n")
  }
}
