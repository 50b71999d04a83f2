import ProcFS
import Wire

/// What the kernel's NFS client did: `node_nfs_*`.
extension RPCSource {
  private static let packets = Metric.counter(
    "node_nfs_packets_total", "Packets of the NFS client.", labels: ["protocol"])
  private static let connections = Metric.counter(
    "node_nfs_connections_total", "Connections of the NFS client by TCP.")
  private static let calls = Metric.counter("node_nfs_rpcs_total", "Calls of the NFS client.")
  private static let retransmissions = Metric.counter(
    "node_nfs_rpc_retransmissions_total", "Calls that the NFS client had to send again.")
  private static let refreshes = Metric.counter(
    "node_nfs_rpc_authentication_refreshes_total", "How often the NFS client's credentials were refreshed.")
  private static let requests = Metric.counter(
    "node_nfs_requests_total", "Procedures that the NFS client called, by version of NFS.",
    labels: ["proto", "method"])

  static let clientMetrics = [packets, connections, calls, retransmissions, refreshes, requests]

  /// `/proc/net/rpc/nfs`.
  static func client(root: ProcRoot) -> RPCSource {
    RPCSource(
      path: RPCStatistics.clientPath, root: root,
      groups: [
        Group("net", [nil, packets.series("udp"), packets.series("tcp"), connections.series()]),
        Group("rpc", [calls.series(), retransmissions.series(), refreshes.series()]),
        procedures("proc2", requests, version: "2", NFSProcedures.version2),
        procedures("proc3", requests, version: "3", NFSProcedures.version3),
        procedures("proc4", requests, version: "4", NFSProcedures.version4Client),
      ])
  }

  /// A line that starts with how many numbers follow. The first of them, `unnamed` many, are not shown.
  static func procedures(
    _ label: StaticString, _ metric: Metric, version: String, unnamed: Int = 0, _ names: [String]
  ) -> Group {
    Group(label, Array(repeating: nil, count: 1 + unnamed) + names.map { metric.series(version, $0) })
  }
}
