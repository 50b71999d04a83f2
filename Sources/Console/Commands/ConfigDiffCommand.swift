import GRPC
import Glibc
import Wire

/// `muster config diff A B`: the difference of two documents, or of a file and what its layer has.
public struct ConfigDiffCommand: Sendable {
  /// What is compared.
  public enum Comparison: Hashable, Sendable {
    /// Two documents.
    case versions(UInt64, UInt64)
    /// A layer's current document, and a file (`-`: standard input).
    case file(String, layer: String)
  }

  private let aggregator: AggregatorOptions
  private let comparison: Comparison

  /// Will compare these.
  public init(aggregator: AggregatorOptions, comparison: Comparison) {
    self.aggregator = aggregator
    self.comparison = comparison
  }

  /// Reads what was typed: two versions, or a file and `--to`.
  public static func comparison(
    _ first: String, _ second: String?, layer: String?
  ) throws(CommandFailure) -> Comparison {
    switch (UInt64(first), second.map { UInt64($0) }, layer) {
    case (let old?, .some(let new?), nil): return .versions(old, new)
    case (_, nil, let layer?): return .file(first, layer: layer)
    default:
      throw CommandFailure(
        .usage,
        """
        compare two versions: muster config diff 3 5
        or a file with what a layer has: muster config diff FILE --to SELECTOR ('' is the fleet's)
        """)
    }
  }

  /// Prints the difference; nothing if there is none.
  public func run() async throws {
    let (old, new) = try await texts()
    let style = Style.suiting(descriptor: STDOUT_FILENO)
    let lines = ConfigDiff(from: old.text, to: new.text).unified(from: old.name, to: new.name, style: style)
    for line in lines { StandardOutput.write(line + "\n") }
    if lines.isEmpty { StandardError.write("no difference between \(old.name) and \(new.name)\n") }
  }

  private typealias Named = (name: String, text: String)

  private func texts() async throws -> (old: Named, new: Named) {
    switch comparison {
    case .versions(let old, let new): return (try await document(old), try await document(new))
    case .file(let path, let layer):
      let file = try ConfigFile(reading: path)
      let answer = try await aggregator.ask(
        MusterService.listConfigs, ListConfigsRequest(selector: layer))
      guard let current = answer.documents.first(where: \.current) else {
        return (("nothing", ""), (file.name.printable, file.text))
      }
      return (try await document(current.version), (file.name.printable, file.text))
    }
  }

  private func document(_ version: UInt64) async throws -> Named {
    let document = try await aggregator.ask(MusterService.getConfig, GetConfigRequest(version: version))
    return ("version \(version) for \(SelectorText.name(document.selector))", document.yaml)
  }
}
