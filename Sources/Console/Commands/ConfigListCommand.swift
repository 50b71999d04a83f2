import GRPC
import Glibc
import Wire

/// `muster config list` and `muster config history`: the documents of the layers.
public struct ConfigListCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let request: ListConfigsRequest
  private let output: OutputFormat

  /// Will list the documents of a layer, nil: of all. `isHistory`: every one, not only the current ones.
  public init(
    aggregator: AggregatorOptions, layer: String?, isHistory: Bool, limit: UInt32, output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.request = ListConfigsRequest(
      selector: layer ?? "", allLayers: layer == nil, history: isHistory, limit: limit)
    self.output = output
  }

  /// Prints the list, newest first.
  public func run() async throws {
    let answer = try await aggregator.ask(MusterService.listConfigs, request)
    switch output {
    case .json:
      for document in answer.documents {
        StandardOutput.write(try JSONOutput.line(ConfigDocumentDocument(document)))
      }
    case .table:
      guard !answer.documents.isEmpty else { break }
      let style = Style.suiting(descriptor: STDOUT_FILENO)
      StandardOutput.write(ConfigTables.documents(answer.documents).text(style: style))
    }
    guard answer.documents.isEmpty else { return }
    if request.allLayers {
      StandardError.write("no config was pushed yet: muster config push FILE --to SELECTOR\n")
    } else {
      throw CommandFailure(
        .notFound,
        "there is no config for \(SelectorText.name(request.selector)); `muster config list` shows all layers"
      )
    }
  }
}
