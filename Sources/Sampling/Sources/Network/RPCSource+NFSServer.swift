import ProcFS
import Wire

/// What the kernel's NFS server did: `node_nfsd_*`.
extension RPCSource {
  private static let replyCache = [
    Metric.counter(
      "node_nfsd_reply_cache_hits_total", "Calls that came again and were answered from memory."),
    Metric.counter("node_nfsd_reply_cache_misses_total", "Calls whose replies had to be kept."),
    Metric.counter("node_nfsd_reply_cache_nocache_total", "Calls whose replies need not be kept."),
  ]
  private static let staleHandles = Metric.counter(
    "node_nfsd_file_handles_stale_total", "Calls for files that are gone.")
  private static let diskBytes = [
    Metric.counter("node_nfsd_disk_bytes_read_total", "Bytes that clients read."),
    Metric.counter("node_nfsd_disk_bytes_written_total", "Bytes that clients wrote."),
  ]
  private static let threads = Metric.gauge("node_nfsd_server_threads", "Threads of the NFS server.")
  private static let readAhead = [
    Metric.gauge(
      "node_nfsd_read_ahead_cache_size_blocks",
      "Blocks in the read-ahead cache; 0 since Linux 5.4, which has none."),
    Metric.counter(
      "node_nfsd_read_ahead_cache_not_found_total", "Reads of what was not in the read-ahead cache."),
  ]
  private static let packets = Metric.counter(
    "node_nfsd_packets_total", "Packets of the NFS server.", labels: ["proto"])
  private static let connections = Metric.counter(
    "node_nfsd_connections_total", "Connections to the NFS server by TCP.")
  private static let calls = Metric.counter("node_nfsd_server_rpcs_total", "Calls to the NFS server.")
  private static let errors = Metric.counter(
    "node_nfsd_rpc_errors_total", "Calls that the NFS server refused: malformed, or not allowed.",
    labels: ["error"])
  private static let requests = Metric.counter(
    "node_nfsd_requests_total", "Procedures that clients called, by version of NFS.",
    labels: ["proto", "method"])

  static let serverMetrics =
    replyCache + [staleHandles] + diskBytes + [threads] + readAhead
    + [packets, connections, calls, errors, requests]

  /// `/proc/net/rpc/nfsd`.
  static func server(root: ProcRoot) -> RPCSource {
    let notShown: [SeriesDescriptor?] = Array(repeating: nil, count: 10)
    return RPCSource(
      path: RPCStatistics.serverPath, root: root,
      groups: [
        Group("rc", replyCache.map { $0.series() }),
        Group("fh", [staleHandles.series()]),
        Group("io", diskBytes.map { $0.series() }),
        Group("th", [threads.series()]),
        // Between the two, how deep in the cache things were found.
        Group("ra", [readAhead[0].series()] + notShown + [readAhead[1].series()]),
        Group("net", [nil, packets.series("udp"), packets.series("tcp"), connections.series()]),
        Group(
          "rpc", [calls.series(), nil, errors.series("fmt"), errors.series("auth"), errors.series("cInt")]),
        procedures("proc2", requests, version: "2", unnamed: 1, Array(NFSProcedures.version2.dropFirst())),
        procedures("proc3", requests, version: "3", unnamed: 1, Array(NFSProcedures.version3.dropFirst())),
        procedures("proc4ops", requests, version: "4", unnamed: 3, NFSProcedures.version4Server),
        Group("wdeleg_getattr", [requests.series("4", "WdelegGetattr")]),
      ])
  }
}
