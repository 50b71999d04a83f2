import GRPC
import LoadLoop

/// One call that sends as fast as the server takes it.
struct HotStream {
  /// The first messages, which are not measured.
  private static let warmUpMessages = 10_000

  private let fleet: Fleet
  private let server: ServerProcess
  private let messages: Int

  init(_ options: Options) throws {
    fleet = try Fleet(options)
    server = try ServerProcess(options.measuredServer())
    messages = options.messages
  }

  func run() throws -> Report {
    guard let peer = fleet.peers.first else { throw LoadError("--connections is 0") }
    try fleet.open()
    try peer.startCall()
    try send(Self.warmUpMessages, on: peer)
    let (start, before) = (monotonic(), try server.cpuTime())
    try send(messages, on: peer)
    // The answer comes after the last message was taken.
    try fleet.finishCalls()
    let (time, cpu) = (monotonic() - start, try server.cpuTime() - before)
    fleet.close()

    var report = Report()
    report.add("messages", messages)
    report.add("messages_per_second", Double(messages) / (time / .seconds(1)))
    report.add("server_cpu_us_per_message", cpu / .microseconds(1) / Double(messages))
    return report
  }

  private func send(_ count: Int, on peer: Peer) throws {
    let total = peer.messagesSent + count
    while peer.messagesSent < total {
      if peer.isWritable {
        repeat { peer.send() } while peer.isWritable && peer.messagesSent < total
        try fleet.flush(peer)
        try fleet.turn(.zero)
      } else {
        try fleet.wait("room in the call's buffer") { peer.isWritable }
      }
    }
  }
}
