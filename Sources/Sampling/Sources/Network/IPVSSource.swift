import ProcFS
import Wire

/// `/proc/net/ip_vs_stats` and `/proc/net/ip_vs`: `node_ipvs_*` of the kernel's load balancer.
struct IPVSSource: Source {
  private static let totals = [
    Metric.counter("node_ipvs_connections_total", "Connections made."),
    Metric.counter("node_ipvs_incoming_packets_total", "Packets from clients."),
    Metric.counter("node_ipvs_outgoing_packets_total", "Packets from servers, if they come back this way."),
    Metric.counter("node_ipvs_incoming_bytes_total", "Bytes from clients."),
    Metric.counter("node_ipvs_outgoing_bytes_total", "Bytes from servers, if they come back this way."),
  ]

  private static let backendMetrics = [
    backend("connections_active", "Connections to a server that are established."),
    backend("connections_inactive", "Connections to a server in any other state."),
    backend("weight", "Of new connections, how many a server gets beside others."),
  ]

  private static func backend(_ name: String, _ help: String) -> Metric {
    .gauge(
      "node_ipvs_backend_" + name, help,
      labels: ["local_address", "local_port", "remote_address", "remote_port", "proto", "local_mark"])
  }

  static let metrics = totals + backendMetrics

  private let statisticsFile: KernelFile
  private let backendsFile: KernelFile
  private var statistics = IPVSStatistics()
  private var backends = IPVSBackends()
  private var totalSeries = FixedSeries(totals)
  private var rows = SeriesRows()

  init(root: ProcRoot) {
    statisticsFile = KernelFile(IPVSStatistics.path, of: root, shape: .record)
    backendsFile = KernelFile(IPVSBackends.path, of: root)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try statistics.parse(try statisticsFile.read(into: &buffer))
    try backends.parse(try backendsFile.read(into: &buffer))
    if let first = totalSeries.first(in: &table) {
      for index in statistics.values.indices { table.set(first + index, statistics.values[index]) }
    }
    backends.keys.withUnsafeBytes { keys in
      var position = 0
      for backend in backends.backends {
        let key = backend.key.bytes(in: keys)
        let row = rows.find(key, at: position) ?? add(key, at: position, to: &table)
        if let first = row?.first {
          table.set(first, backend.active)
          table.set(first + 1, backend.inactive)
          table.set(first + 2, backend.weight)
        }
        position += 1
      }
    }
  }

  private mutating func add(
    _ key: UnsafeRawBufferPointer, at position: Int, to table: inout SampleTable
  ) -> SeriesRows.Row? {
    let parts = String(decoding: key, as: UTF8.self).split(separator: " ").map(String.init)
    let isMark = parts[0] == "FWM"
    let local = isMark ? nil : IPVSEndpoint(parts[1])
    let remote = IPVSEndpoint(parts[2])
    let first = table.register(
      Self.backendMetrics, local?.address ?? "", local?.port ?? "0", remote?.address ?? "",
      remote?.port ?? "0",
      parts[0], isMark ? parts[1] : "")
    return rows.add(key, first: first, width: Self.backendMetrics.count, at: position)
  }

  mutating func forgetSeries() {
    totalSeries.forget()
    rows.removeAll()
  }
}
