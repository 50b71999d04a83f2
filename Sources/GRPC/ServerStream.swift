/// The server's side of a typed call: sends messages of one type, and tells when it may send more and when it
/// is over.
///
/// It keeps the closures until the call ends, then drops them.
public final class ServerStream<Response: GRPCMessage> {
  /// The call underneath: metadata, deadline, flow control.
  public let call: ServerCall

  /// Called when, after a `send` that returned false, more may be sent.
  public var onWritable: (() -> Void)?

  /// Called once, when the call is over for any reason.
  public var onEnd: ((CallEnd) -> Void)?

  init(_ call: ServerCall) {
    self.call = call
  }

  /// Queues a message; false when it is time to wait for `onWritable`.
  @discardableResult
  public func send(_ response: Response) -> Bool {
    call.send(response)
  }

  /// Ends the call with a status.
  public func finish(_ status: Status, trailers: Metadata = [:]) {
    call.finish(status, trailers: trailers)
  }

  /// Answers with one last message and OK.
  public func finish(with response: Response) {
    call.send(response)
    call.finish(.ok)
  }

  /// Drops the closures first: they usually hold this stream.
  func end(_ reason: CallEnd) {
    let end = onEnd
    onWritable = nil
    onEnd = nil
    end?(reason)
  }
}

/// What hears the messages of a streaming request.
public struct StreamReader<Request: GRPCMessage> {
  var onMessage: (Request) throws(Status) -> Void
  var onHalfClose: () throws(Status) -> Void

  /// Closures for each message and for the end of them. A status thrown by either ends the call with it.
  public init(
    onMessage: @escaping (Request) throws(Status) -> Void,
    onHalfClose: @escaping () throws(Status) -> Void
  ) {
    self.onMessage = onMessage
    self.onHalfClose = onHalfClose
  }
}
