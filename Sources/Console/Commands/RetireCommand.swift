import GRPC
import Wire

/// `muster hosts retire SELECTOR`: hosts that will not come back are no outage.
public struct RetireCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let request: RetireHostsRequest
  private let output: OutputFormat

  /// Will retire the hosts that a selector chooses, or take that back.
  public init(
    aggregator: AggregatorOptions, selector: String, message: String, undo: Bool, output: OutputFormat
  ) {
    self.aggregator = aggregator
    self.request = RetireHostsRequest(
      selector: selector, author: Author.current, message: message, undo: undo)
    self.output = output
  }

  /// Does it, and names them.
  public func run() async throws {
    let answer = try await aggregator.ask(MusterService.retireHosts, request)
    let word = request.undo ? "no longer retired" : "retired"
    try ChangedHosts(instances: answer.instances, change: word).print(output)
    if answer.instances.isEmpty {
      throw CommandFailure(
        .notFound,
        "nothing changed: no host that is \(request.undo ? "" : "not ")retired matches "
          + "'\(request.selector.printable)'")
    }
  }
}

/// `muster hosts expect NAME...`: hosts that should come are shown until they do.
public struct ExpectCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let request: ExpectHostsRequest
  private let output: OutputFormat

  /// Will expect hosts of these names, or no longer.
  public init(aggregator: AggregatorOptions, instances: [String], undo: Bool, output: OutputFormat) {
    self.aggregator = aggregator
    self.request = ExpectHostsRequest(instances: instances, author: Author.current, undo: undo)
    self.output = output
  }

  /// Does it, and names those for which it changed something.
  public func run() async throws {
    let answer = try await aggregator.ask(MusterService.expectHosts, request)
    let word = request.undo ? "no longer expected" : "expected"
    try ChangedHosts(instances: answer.instances, change: word).print(output)
    if answer.instances.isEmpty {
      StandardError.write(
        "nothing changed: \(request.undo ? "none was expected" : "all are known already")\n")
    }
  }
}

/// Hosts for which something changed: one line each.
private struct ChangedHosts {
  let instances: [String]
  let change: String

  func print(_ output: OutputFormat) throws {
    for instance in instances {
      switch output {
      case .json:
        StandardOutput.write(try JSONOutput.line(Document(instance: instance, change: change.snakeCased)))
      case .table: StandardOutput.write("\(instance.printable)  \(change)\n")
      }
    }
  }

  private struct Document: Encodable {
    let instance: String
    let change: String
  }
}
