import ProcFS
import Wire

/// `/proc/net/udp` and `/proc/net/udp6`: `node_udp_queues`. A host may lack either protocol.
struct UDPQueuesSource: Source {
  private static let metric = Metric.gauge(
    "node_udp_queues", "Bytes waiting in the queues of all UDP sockets.", labels: ["queue", "ip"])

  static let metrics = [metric]

  private struct Family {
    let file: KernelFile
    var queues: UDPQueues
    var sent: FixedSeries
    var received: FixedSeries
    var isPresent = false

    init(_ path: String, ip: String, root: ProcRoot) {
      file = KernelFile(path, of: root, shape: .records(maximumBytes: 256))
      queues = UDPQueues(path: path)
      sent = FixedSeries([UDPQueuesSource.metric], ["tx", ip])
      received = FixedSeries([UDPQueuesSource.metric], ["rx", ip])
    }
  }

  private var families: [Family]

  init(root: ProcRoot) {
    families = [
      Family(UDPQueues.path, ip: "v4", root: root), Family(UDPQueues.path6, ip: "v6", root: root),
    ]
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    var missing: KernelError?
    for index in families.indices {
      do {
        families[index].isPresent = false
        try families[index].queues.parse(try families[index].file.read(into: &buffer))
        families[index].isPresent = true
      } catch {
        guard case .unsupported = error else { throw error }
        missing = missing ?? error
      }
    }
    if let missing, !families.contains(where: \.isPresent) { throw missing }
    for index in families.indices where families[index].isPresent {
      if let id = families[index].sent.first(in: &table) { table.set(id, families[index].queues.sent) }
      if let id = families[index].received.first(in: &table) {
        table.set(id, families[index].queues.received)
      }
    }
  }

  mutating func forgetSeries() {
    for index in families.indices {
      families[index].sent.forget()
      families[index].received.forget()
    }
  }
}
