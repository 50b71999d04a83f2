/// The client's side of a typed call that sends a stream of messages.
public struct ClientStream<Request: GRPCMessage> {
  /// The call underneath: flow control, how much waits.
  public let call: ClientCall

  /// Queues a message; false when it is time to wait for the handler's `writable`.
  @discardableResult
  public func send(_ request: Request) -> Bool {
    call.send(request)
  }

  /// Says that no more messages will be sent.
  public func halfClose() {
    call.halfClose()
  }

  /// Ends the call now.
  public func cancel() {
    call.cancel()
  }
}

/// Hears a typed answer: closures for each message and for the end.
///
/// With `isSingle` it holds the server to exactly one message, as unary and client streaming methods have it.
public final class ResponseReader<Response: GRPCMessage>: ClientCallHandler {
  private var onMessage: ((Response, ClientCall) -> Void)?
  private var onEnd: ((Status, Metadata) -> Void)?
  private let isSingle: Bool
  private var messageCount = 0

  /// Called when, after a `send` that returned false, more may be sent.
  public var onWritable: ((ClientCall) -> Void)?
  /// Called with the server's headers; not when it answered with a status alone.
  public var onHeaders: ((Metadata) -> Void)?

  /// A reader. The closures are dropped when the call ends; `onEnd` is called exactly once.
  public init(
    isSingle: Bool = false, onMessage: @escaping (Response, ClientCall) -> Void,
    onEnd: @escaping (Status, Metadata) -> Void
  ) {
    self.isSingle = isSingle
    self.onMessage = onMessage
    self.onEnd = onEnd
  }

  /// See `ClientCallHandler`.
  public func receivedHeaders(_ metadata: Metadata, on call: ClientCall) {
    onHeaders?(metadata)
  }

  /// See `ClientCallHandler`.
  public func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    messageCount += 1
    guard !isSingle || messageCount == 1 else {
      return call.cancel(
        Status(.unimplemented, "the server sent more than the one message that the method gives"))
    }
    do throws(Status) {
      onMessage?(try Response(decoding: message), call)
    } catch {
      call.cancel(error)
    }
  }

  /// See `ClientCallHandler`.
  public func writable(on call: ClientCall) {
    onWritable?(call)
  }

  /// See `ClientCallHandler`.
  public func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    let end = onEnd
    onMessage = nil
    onEnd = nil
    onWritable = nil
    onHeaders = nil
    let isShort = isSingle && status.isOK && messageCount == 0
    end?(
      isShort ? Status(.unimplemented, "the server sent no message, the method gives one") : status, trailers)
  }
}
