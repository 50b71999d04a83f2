import ProcFS
import Wire

/// The series of ``TCPSource``.
struct TCPSeries {
  private static let states = Metric.gauge(
    "node_tcp_connection_states", "TCP sockets in each state, and bytes in the queues of connections.",
    labels: ["state"])

  private static let listening: [Metric] = [
    .gauge(
      "node_tcp_listen_queue_connections", "Connections waiting to be accepted, at all listening sockets."),
    .gauge(
      "node_tcp_listen_queue_connections_max", "Connections waiting to be accepted where most of them wait."),
    .gauge(
      "node_tcp_listen_queue_usage_ratio",
      "How full the fullest accept queue is; at 1 it is full, and another connection is dropped.",
      divisor: 1_000_000),
    .gauge("node_tcp_listen_queue_full_sockets", "Listening sockets whose accept queue is full."),
  ]

  static let metrics = [states] + listening

  private var byState = TCPState.allCases.map { FixedSeries([states], [label($0)]) }
  private var received = FixedSeries([states], ["rx_queued_bytes"])
  private var sent = FixedSeries([states], ["tx_queued_bytes"])
  private var listeners = FixedSeries(listening)

  mutating func set(_ state: TCPState, _ count: Int64, in table: inout SampleTable) {
    if let id = byState[state.rawValue - 1].first(in: &table) { table.set(id, count) }
  }

  mutating func setQueues(received: Int64, sent: Int64, in table: inout SampleTable) {
    if let id = self.received.first(in: &table) { table.set(id, received) }
    if let id = self.sent.first(in: &table) { table.set(id, sent) }
  }

  mutating func setListening(_ totals: TCPTotals, in table: inout SampleTable) {
    guard let first = listeners.first(in: &table) else { return }
    table.set(first, totals.acceptQueue)
    table.set(first + 1, totals.longestAcceptQueue)
    table.set(first + 2, totals.acceptQueueUseMillionths)
    table.set(first + 3, totals.fullAcceptQueues)
  }

  private static func label(_ state: TCPState) -> String {
    switch state {
    case .established: "established"
    case .synSent: "syn_sent"
    case .synReceived: "syn_recv"
    case .finWait1: "fin_wait1"
    case .finWait2: "fin_wait2"
    case .timeWait: "time_wait"
    case .close: "close"
    case .closeWait: "close_wait"
    case .lastAck: "last_ack"
    case .listen: "listen"
    case .closing: "closing"
    }
  }
}
