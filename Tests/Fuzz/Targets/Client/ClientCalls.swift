import GRPC
import Gzip

/// The calls of the client under test, and what its application does with them.
final class ClientCalls {
  /// No message sent here is larger, its prefix included.
  static let messageBytesMaximum = (1 << 15) + 5

  private let connection: ClientConnection
  private(set) var witnesses: [ClientWitness] = []

  init(_ connection: ClientConnection) { self.connection = connection }

  var open: [ClientCall] { witnesses.compactMap(\.call) }

  /// Starts a call, if the connection takes one.
  func start(_ script: inout Script, at now: Instant?) {
    let form = script.byte()
    var metadata: Metadata = [:]
    if form & 1 != 0 { metadata.addBinary("x-bin", script.sizedBytes()) }
    let timeout = form & 2 != 0 ? script.duration() : nil
    let witness = ClientWitness(self)
    let call = try? connection.start(
      "/fuzz.Fuzz/Any", metadata: metadata, timeout: timeout, codec: form & 4 != 0 ? .gzip : nil,
      at: form & 8 != 0 ? now : nil, handler: witness)
    guard let call else { return require(witness.endCount == 0, "a call that was refused has ended") }
    witnesses.append(witness)
    witness.started(call)
    if form & 16 != 0 { call.sendMessage { $0 += [1, 2, 3] } }
    if form & 32 != 0 { call.halfClose() }
  }

  func perform(_ script: inout Script, on call: ClientCall) {
    switch script.choice(11) {
    case 0: send(script.sizedBytes(), on: call)
    case 1: send([UInt8](repeating: 1, count: script.size()), on: call)
    case 2: sendUntilFull(script.size(), on: call)
    case 3: sendRegardless(script.size(), times: script.choice(200), on: call)
    case 4: call.halfClose()
    case 5: call.cancel()
    case 6: call.cancel(Status(script.pick(StatusCode.allCases), "no longer wanted"))
    case 7: call.pauseReading()
    case 8: call.resumeReading()
    case 9: onAnother(&script)
    default: if script.byte() == 0xff { call.connection.close() }
    }
  }

  private func send(_ bytes: [UInt8], on call: ClientCall) {
    call.sendMessage { $0 += bytes }
  }

  private func sendUntilFull(_ size: Int, on call: ClientCall) {
    let bytes = [UInt8](repeating: 2, count: size)
    for _ in 0..<100 where !call.sendMessage({ $0 += bytes }) { break }
  }

  private func sendRegardless(_ size: Int, times: Int, on call: ClientCall) {
    let bytes = [UInt8](repeating: 3, count: size)
    for _ in 0..<times { call.sendMessage(compressed: false) { $0 += bytes } }
  }

  /// A handler may reach for any other call of its connection, and start one.
  private func onAnother(_ script: inout Script) {
    switch script.choice(4) {
    case 0: script.pickAny(open)?.cancel()
    case 1: script.pickAny(open)?.halfClose()
    case 2: script.pickAny(open)?.resumeReading()
    default: start(&script, at: nil)
    }
  }
}
