import GRPC
import Glibc
import Wire

/// `muster config show VERSION | --host HOST`: a document, or what a host is meant to run and where each
/// value comes from.
public struct ConfigShowCommand: Sendable {
  /// What is shown.
  public enum Subject: Hashable, Sendable {
    /// A document.
    case version(UInt64)
    /// A host, by its name or id.
    case host(String)
  }

  private let aggregator: AggregatorOptions
  private let subject: Subject
  private let output: OutputFormat

  /// Will show that.
  public init(aggregator: AggregatorOptions, subject: Subject, output: OutputFormat) {
    self.aggregator = aggregator
    self.subject = subject
    self.output = output
  }

  /// Prints it.
  public func run() async throws {
    switch subject {
    case .version(let version):
      let document = try await aggregator.ask(MusterService.getConfig, GetConfigRequest(version: version))
      try show(ConfigDocumentDocument(document)) { _ in ConfigTables.document(document) }
    case .host(let host):
      let answer = try await aggregator.ask(
        MusterService.explainConfig, ExplainConfigRequest(host: host))
      try show(ExplanationDocument(answer)) { ConfigTables.explanation(answer, style: $0) }
    }
  }

  private func show(_ document: some Encodable, lines: (Style) -> [String]) throws {
    switch output {
    case .json: StandardOutput.write(try JSONOutput.line(document))
    case .table:
      let style = Style.suiting(descriptor: STDOUT_FILENO)
      StandardOutput.write(lines(style).joined(separator: "\n") + "\n")
    }
  }
}
