import GRPC
import Link
import LoadLoop

/// EmptyCall on one warm connection, one at a time, on the client that runs in a poll loop.
struct UnaryLink {
  static let warmUpCalls = 1000

  private let fleet: Fleet
  private let calls: Int

  init(_ options: Options) throws {
    fleet = try Fleet(options)
    calls = options.messages
  }

  func run() throws -> Report {
    guard let peer = fleet.peers.first else { throw LoadError("--connections is 0") }
    try fleet.open()
    for _ in 0..<Self.warmUpCalls { _ = try call(peer) }
    let latencies = try (0..<calls).map { _ in try call(peer) }
    fleet.close()

    var report = Report()
    report.add("calls", latencies.count)
    report.add(latencies: latencies)
    return report
  }

  private func call(_ peer: Peer) throws -> Duration {
    let answer = UnaryAnswer()
    let start = monotonic()
    let call = try peer.link.grpc?.start(TestMessages.emptyCall, handler: answer)
    call?.sendMessage { _ in }
    call?.halfClose()
    try fleet.flush(peer)
    try fleet.wait("an answer") { answer.status != nil }
    let time = monotonic() - start
    guard answer.status?.isOK == true, answer.hasMessage else { throw LoadError("EmptyCall: \(answer)") }
    return time
  }
}

/// What came of one call.
private final class UnaryAnswer: ClientCallHandler, CustomStringConvertible {
  private(set) var hasMessage = false
  private(set) var status: Status?

  var description: String { "\(status ?? Status(.unknown)), \(hasMessage ? "a" : "no") message" }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) { hasMessage = true }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) { self.status = status }
}
