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
    case .table: StandardOutput.write(table(hosts))
    }
    if hosts.isEmpty && !selector.isEmpty {
      throw CommandFailure(.notFound, "no host matches '\(selector)'; `muster hosts` lists all")
    }
  }

  private func table(_ hosts: [HostInfo]) -> String {
    let now = WallClock.microseconds
    var table = TextTable([
      .init("HOST"), .init("STATE"), .init("CPU", .right), .init("MEM", .right), .init("LOAD", .right),
      .init("AGE", .right), .init("LAG", .right), .init("CLOCK", .right), .init("SERIES", .right),
      .init("MISSING", .right), .init("CONNECTED", .right), .init("KERNEL"), .init("VERSION"),
      .init("LABELS"),
    ])
    for host in hosts {
      table.add([
        host.instance, host.state.word, Units.percent(host.figures.cpuBusyRatio),
        Units.percent(host.figures.memoryUsedRatio), Units.fixed(host.figures.load1, 2),
        since(host.lastFrameMicroseconds, now), Units.duration(microseconds: host.lagMicroseconds),
        Units.duration(microseconds: host.clockOffsetMicroseconds), String(host.series),
        String(host.missingFrames), since(host.connectedSinceMicroseconds, now), host.kernelRelease,
        host.collectorVersion, host.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ","),
      ])
    }
    return table.text(style: .suiting(descriptor: STDOUT_FILENO))
  }

  private func since(_ time: Int64, _ now: Int64) -> String {
    time == 0 ? "-" : Units.duration(microseconds: max(0, now - time))
  }
}
