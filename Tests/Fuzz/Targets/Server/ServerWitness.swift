import GRPC

/// Stands between a server's call and its handler, and checks that the call keeps its promises.
final class ServerWitness: ServerCallHandler {
  /// Both are let go when the call ends, as they may hold each other.
  private var handler: (any ServerCallHandler)?
  private(set) var call: ServerCall?
  private var isHalfClosed = false
  private(set) var endCount = 0

  init(_ call: ServerCall, _ handler: any ServerCallHandler) {
    self.call = call
    self.handler = handler
  }

  func receive(_ message: UnsafeRawBufferPointer, on call: ServerCall) {
    expectOpen(call, "a message")
    require(!isHalfClosed, "a message after the client's last")
    handler?.receive(message, on: call)
  }

  func halfClosed(on call: ServerCall) {
    expectOpen(call, "the client's end")
    require(!isHalfClosed, "the client's end is told twice")
    isHalfClosed = true
    handler?.halfClosed(on: call)
  }

  func writable(on call: ServerCall) {
    expectOpen(call, "writable")
    require(call.isWritable, "told to be writable, and is not")
    handler?.writable(on: call)
  }

  func ended(on call: ServerCall, _ reason: CallEnd) {
    require(call === self.call, "the end of another call, or a second one")
    require(call.isEnded, "an end, but the call is open")
    require(reason != .deadlineExceeded || call.deadline != nil, "a deadline that nobody has set has passed")
    endCount += 1
    self.call = nil
    handler?.ended(on: call, reason)
    handler = nil
  }

  private func expectOpen(_ call: ServerCall, _ what: String) {
    require(call === self.call, "\(what) for another call, or after the end")
    require(!call.isEnded, "\(what) for a call that takes nothing any more")
  }
}
