import GRPC
import Gzip

/// What an application does with a call, as a script says it: from within the handler, where the script is the message,
/// or between two turns of the loop.
struct ServerActions {
  /// No message sent here is larger, its prefix included.
  static let messageBytesMaximum = (1 << 15) + 5

  unowned let calls: CallLog

  func perform(_ script: inout Script, on call: ServerCall) {
    switch script.choice(14) {
    case 0: send(script.sizedBytes(), on: call)
    case 1: send([UInt8](repeating: 1, count: script.size()), on: call)
    case 2: sendUntilFull(script.size(), on: call)
    case 3: sendRegardless(script.size(), times: script.choice(200), on: call)
    case 4: call.finish(.ok, trailers: metadata(&script))
    case 5: call.finish(Status(script.pick(StatusCode.allCases), text(&script)))
    case 6: call.cancel()
    case 7: call.pauseReading()
    case 8: call.resumeReading()
    case 9: call.compressResponses(with: .gzip)
    case 10: call.sendHeaders(metadata(&script))
    case 11: onAnother(&script)
    case 12: call.connection.drain(at: Instant(nanoseconds: 0))
    default: if script.byte() == 0xff { call.connection.close() }
    }
  }

  private func send(_ bytes: [UInt8], on call: ServerCall) {
    call.sendMessage { $0 += bytes }
  }

  private func sendUntilFull(_ size: Int, on call: ServerCall) {
    let bytes = [UInt8](repeating: 2, count: size)
    for _ in 0..<100 where !call.sendMessage({ $0 += bytes }) { break }
  }

  private func sendRegardless(_ size: Int, times: Int, on call: ServerCall) {
    let bytes = [UInt8](repeating: 3, count: size)
    for _ in 0..<times { call.sendMessage(compressed: false) { $0 += bytes } }
  }

  /// A handler may reach for any other call of its connection.
  private func onAnother(_ script: inout Script) {
    guard let other = script.pickAny(calls.open) else { return }
    switch script.choice(4) {
    case 0: other.cancel()
    case 1: other.finish(.ok)
    case 2: other.resumeReading()
    default: send([4], on: other)
    }
  }

  private func metadata(_ script: inout Script) -> Metadata {
    var metadata = Metadata()
    if script.byte() & 1 != 0 { metadata.addBinary("x-bin", script.sizedBytes()) }
    return metadata
  }

  private func text(_ script: inout Script) -> String { String(decoding: script.sizedBytes(), as: UTF8.self) }
}

/// Does what the messages say.
final class ObedientServerHandler: ServerCallHandler {
  private let actions: ServerActions

  init(_ actions: ServerActions) { self.actions = actions }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    var script = Script(message)
    while !script.isAtEnd { actions.perform(&script, on: call) }
  }

  func halfClosed(on call: ServerCall) {
    call.finish(.ok)
  }

  func writable(on call: ServerCall) {
    call.sendMessage { $0 += [UInt8](repeating: 5, count: 300) }
  }

  /// Nothing of a call that is over does harm.
  func ended(on call: ServerCall, _ reason: CallEnd) {
    require(!call.sendMessage { $0.append(6) }, "a call that is over takes a message")
    call.finish(.ok)
    call.cancel()
    call.pauseReading()
    call.resumeReading()
  }
}

/// The calls that a router has seen. Sendable unchecked: a fuzz target has one thread.
final class CallLog: @unchecked Sendable {
  private(set) var witnesses: [ServerWitness] = []

  var open: [ServerCall] { witnesses.compactMap(\.call) }

  func add(_ witness: ServerWitness) { witnesses.append(witness) }
}
