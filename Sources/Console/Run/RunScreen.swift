import Glibc
import Wire

/// A run as the operator sees it: answers as they come, the progress beneath them.
struct RunScreen {
  /// Between two drawings of the progress: a thousand answers in a moment are not a thousand drawings.
  private static let drawInterval = Duration.milliseconds(100)

  private let output: OutputFormat
  private let style = Style.suiting(descriptor: STDOUT_FILENO)
  private let columns = Terminal.Size(of: STDOUT_FILENO)?.columns
  private var block: LiveBlock?
  private var lastDrawing: ContinuousClock.Instant?

  /// A screen that nothing is on yet.
  init(output: OutputFormat) {
    self.output = output
    block = LiveBlock()
  }

  /// Prints answers, and how far the run is.
  mutating func show(_ answers: [HostAnswer], of report: RunReport) throws {
    if !answers.isEmpty {
      block?.clear()
      lastDrawing = nil
      for answer in answers { StandardOutput.write(try text(answer, runID: report.runID)) }
    }
    drawProgress(report.tally)
  }

  /// Says something that is no host's answer.
  mutating func note(_ text: String) {
    block?.clear()
    lastDrawing = nil
    StandardError.write(text.printableLines.joined(separator: "\n") + "\n")
  }

  /// Says how it ended.
  mutating func end(_ report: RunReport, elapsedMicroseconds: Int64, cancelled: Bool) throws {
    block?.clear()
    var line = report.tally.summary(elapsedMicroseconds: elapsedMicroseconds)
    if cancelled { line = "cancelled, and those without an answer are told to stop: " + line }
    switch output {
    case .table: StandardOutput.write(line + "\n")
    case .json:
      StandardOutput.write(try JSONOutput.line(RunSummaryDocument(report, cancelled: cancelled)))
    }
  }

  private func text(_ answer: HostAnswer, runID: String) throws -> String {
    switch output {
    case .json: return try JSONOutput.line(AnswerDocument(answer, runID: runID))
    case .table:
      return AnswerText(style: style, columns: columns, now: WallClock.microseconds).text(answer)
    }
  }

  private mutating func drawProgress(_ tally: RunTally) {
    let now = ContinuousClock.now
    if let lastDrawing, now - lastDrawing < Self.drawInterval, tally.done < tally.total { return }
    guard let width = block?.size.columns, tally.total > 0 else { return }
    lastDrawing = now
    block?.show([tally.progressLine.cut(to: width - 1)])
  }
}
