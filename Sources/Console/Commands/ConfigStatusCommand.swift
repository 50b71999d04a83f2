import GRPC
import Glibc
import Wire

/// `muster config status`: rollouts under way, and hosts that do not run what they are meant to.
public struct ConfigStatusCommand: Sendable {
  private let aggregator: AggregatorOptions
  private let selector: String
  private let output: OutputFormat

  /// Of the hosts that a selector chooses.
  public init(aggregator: AggregatorOptions, selector: String, output: OutputFormat) {
    self.aggregator = aggregator
    self.selector = selector
    self.output = output
  }

  /// Prints it: in JSON the rollouts first, then every host that has a config.
  public func run() async throws {
    let rollouts = try await aggregator.ask(MusterService.listRollouts, ListRolloutsRequest()).rollouts
    let hosts = try await aggregator.ask(MusterService.listHosts, ListHostsRequest(selector: selector)).hosts
    if hosts.isEmpty && !selector.isEmpty { throw SelectorText.nobody(selector) }
    let standing = ConfigStanding(rollouts: rollouts, hosts: hosts)
    switch output {
    case .json:
      for rollout in standing.rollouts {
        StandardOutput.write(try JSONOutput.line(RolloutDocument(rollout)))
      }
      for host in standing.configured {
        StandardOutput.write(try JSONOutput.line(HostConfigDocument(host)))
      }
    case .table:
      let server = rollouts.map(\.serverTimeMicroseconds).max() ?? 0
      let lines = standing.lines(
        style: .suiting(descriptor: STDOUT_FILENO), now: server > 0 ? server : WallClock.microseconds)
      StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }
  }
}
