import GRPC
import GRPCNIO
import Glibc
import Wire

/// `muster config plan FILE --to SELECTOR`: what would it do? Asks the hosts, applies nothing.
public struct ConfigPlanCommand: Sendable {
  /// How long after the hosts' time limit the aggregator's last word is waited for.
  private static let grace = Duration.seconds(10)
  /// What the aggregator takes when nothing is said.
  private static let timeoutDefault: UInt32 = 10_000

  private let aggregator: AggregatorOptions
  private let path: String
  private let selector: String
  private let timeoutMilliseconds: UInt32
  private let output: OutputFormat

  /// Will ask about the file at `path` (`-`: standard input); a host has so long to answer, 0: 10 s.
  public init(
    aggregator: AggregatorOptions, path: String, selector: String, timeoutMilliseconds: UInt32,
    output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.path = path
    self.selector = selector
    self.timeoutMilliseconds = timeoutMilliseconds
    self.output = output
  }

  /// Asks, and shows what hosts say and what it comes to. Fails when a host would refuse or did not answer.
  public func run() async throws {
    let file = try ConfigFile(reading: path)
    let request = PlanConfigRequest(
      selector: selector, yaml: file.text, file: file.name, author: Author.current,
      timeoutMilliseconds: timeoutMilliseconds)
    let client = try await aggregator.connect()
    let limit = timeoutMilliseconds == 0 ? Self.timeoutDefault : timeoutMilliseconds
    var tally = PlanTally()
    var block = LiveBlock()
    do {
      for try await update in try await client.serverStreaming(
        MusterService.planConfig, request, timeout: .milliseconds(limit) + Self.grace)
      {
        tally.add(update)
        block?.clear()
        try show(update)
        if let width = block?.size.columns { block?.show([tally.progressLine.cut(to: width - 1)]) }
      }
    } catch let status as Status {
      block?.clear()
      throw CommandFailure(endOfStream: status, aggregator: aggregator.address)
    }
    block?.clear()
    await client.close()
    guard tally.asked > 0 else { throw SelectorText.nobody(selector) }
    let summary = tally.lines.joined(separator: "\n") + "\n"
    if output == .table { StandardOutput.write(summary) } else { StandardError.write(summary) }
    if !tally.isAllWell { throw CommandFailure.silent(.notAllWell) }
  }

  private func show(_ update: PlanUpdate) throws {
    // A message of progress alone names no host.
    guard !update.hostID.isEmpty || !update.instance.isEmpty else { return }
    switch output {
    case .json: StandardOutput.write(try JSONOutput.line(PlanDocument(update)))
    case .table:
      let style = Style.suiting(descriptor: STDOUT_FILENO)
      StandardOutput.write(Self.lines(update, style: style).joined(separator: "\n") + "\n")
    }
  }

  /// A host's line, and its problems and changes beneath.
  static func lines(_ update: PlanUpdate, style: Style) -> [String] {
    let name = update.instance.isEmpty ? update.hostID.printable : update.instance.printable
    let column = style.bold(name + String(repeating: " ", count: max(0, 20 - name.displayWidth)))
    guard let report = update.report else {
      return ["\(column)  " + style.red("no report: \(update.problem.printable)")]
    }
    let lines = PlanText.lines(report)
    return ["\(column)  \(lines[0])"] + lines.dropFirst().map { "  " + $0 }
  }
}
