import GRPC

/// A client's handler that checks that its call keeps its promises, and does what the messages say.
final class ClientWitness: ClientCallHandler {
  private unowned let calls: ClientCalls
  private var hasHeaders = false
  /// Set as soon as there is one: a handler may be called before `start` returns.
  private(set) var call: ClientCall?
  private(set) var endCount = 0

  init(_ calls: ClientCalls) { self.calls = calls }

  func started(_ call: ClientCall) {
    if endCount == 0 { self.call = call }
  }

  func receivedHeaders(_ metadata: Metadata, on call: ClientCall) {
    expectOpen(call, "headers")
    require(!hasHeaders, "headers come twice")
    hasHeaders = true
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    expectOpen(call, "a message")
    require(hasHeaders, "a message before the headers")
    var script = Script(message)
    while !script.isAtEnd { calls.perform(&script, on: call) }
  }

  func writable(on call: ClientCall) {
    expectOpen(call, "writable")
    require(call.isWritable, "told to be writable, and is not")
    call.sendMessage { $0 += [UInt8](repeating: 5, count: 300) }
  }

  /// Nothing of a call that is over does harm.
  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    require(endCount == 0, "a second end")
    require(call.isEnded, "an end, but the call is open")
    endCount += 1
    self.call = nil
    require(!call.sendMessage { $0.append(6) }, "a call that is over takes a message")
    call.halfClose()
    call.cancel()
    call.pauseReading()
    call.resumeReading()
  }

  private func expectOpen(_ call: ClientCall, _ what: String) {
    require(endCount == 0, "\(what) after the end")
    require(!call.isEnded, "\(what) for a call that is over")
  }
}
