import GRPC
import Wire

/// `muster version`: ours, and the aggregator's if it answers.
public struct VersionCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let output: OutputFormat

  /// Asks that aggregator.
  public init(aggregator: AggregatorOptions, output: OutputFormat) {
    self.aggregator = aggregator
    self.output = output
  }

  /// Prints both. An aggregator that does not answer is said, and is no failure: the question was
  /// about this program too.
  public func run() async throws {
    var document = VersionDocument(muster: MusterVersion.current)
    do {
      let answer = try await aggregator.ask(MusterService.getVersion, GetVersionRequest())
      document.aggregator = .init(
        address: aggregator.address, version: answer.version, startedUs: answer.startedMicroseconds,
        hosts: answer.hosts, series: answer.series)
    } catch {
      document.unreachable = error.description
    }
    if output == .json {
      try StandardOutput.write(JSONOutput.document(document))
      return
    }
    StandardOutput.write("muster      \(document.muster)\n")
    if let found = document.aggregator {
      let up = Units.duration(microseconds: max(0, WallClock.microseconds - found.startedUs))
      StandardOutput.write(
        "aggregator  \(found.version) at \(found.address), up \(up), \(found.hosts) hosts, \(found.series) series\n"
      )
    } else {
      StandardError.write("aggregator  \(document.unreachable ?? "")\n")
    }
  }

  private struct VersionDocument: Encodable {
    struct Aggregator: Encodable {
      let address: String
      let version: String
      let startedUs: Int64
      let hosts: UInt64
      let series: UInt64
    }

    let muster: String
    var aggregator: Aggregator?
    var unreachable: String?
  }
}
