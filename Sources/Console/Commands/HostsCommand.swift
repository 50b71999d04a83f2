import GRPC
import Glibc
import Wire

/// `muster hosts`: the fleet as a list.
public struct HostsCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let selector: String
  private let output: OutputFormat

  /// Lists the hosts that a selector chooses.
  public init(aggregator: AggregatorOptions, selector: String, output: OutputFormat) {
    self.aggregator = aggregator
    self.selector = selector
    self.output = output
  }

  /// Prints the list.
  public func run() async throws {
    let answer = try await aggregator.ask(MusterService.listHosts, ListHostsRequest(selector: selector))
    let hosts = answer.hosts.sorted { ($0.instance, $0.hostID) < ($1.instance, $1.hostID) }
    switch output {
    case .json: try StandardOutput.write(JSONOutput.document(hosts.map(HostDocument.init)))
    case .table:
      let table = HostsTable(hosts, now: WallClock.microseconds)
      StandardOutput.write(table.text(style: .suiting(descriptor: STDOUT_FILENO)))
    }
    if hosts.isEmpty && !selector.isEmpty { throw SelectorText.nobody(selector) }
  }
}
