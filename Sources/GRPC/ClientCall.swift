internal import HTTP2

/// One call as its client sees it. Not Sendable: it lives on its connection's loop.
public final class ClientCall {
  /// The path that is called, `/package.Service/Method`.
  public let path: String
  /// The connection that the call goes over.
  public let connection: ClientConnection

  let stream: HTTP2Stream
  /// When the call ends by itself.
  var deadline: Instant?
  /// Whether the call is over.
  public private(set) var isEnded = false

  private let core: ConnectionCore
  private var handler: (any ClientCallHandler)?
  private var deframer: MessageDeframer
  private var reading = ReadingPause()
  private var hasHeaders = false
  private let requestCodec: MessageCodec?
  private var responseCodec: MessageCodec?

  init(
    path: String, codec: MessageCodec?, connection: ClientConnection, core: ConnectionCore,
    stream: HTTP2Stream, handler: any ClientCallHandler
  ) {
    requestCodec = codec
    self.path = path
    self.connection = connection
    self.core = core
    self.stream = stream
    self.handler = handler
    deframer = MessageDeframer(messageBytesMaximum: core.terms.limits.maximumMessageBytes)
  }

  /// Whether `send` would return true.
  public var isWritable: Bool { !isEnded && stream.isOpenForWriting && stream.isWritable }

  /// Whether the message that arrived last was compressed on its way.
  public var isMessageCompressed: Bool { deframer.isCompressed }

  /// Bytes waiting to be sent.
  public var bufferedBytes: Int { stream.bufferedBytes }

  /// Queues a message. False when it is time to wait for `writable` (the message is queued all the same), or
  /// nothing can be sent any more.
  @discardableResult
  public func send(_ message: some GRPCMessage, compressed: Bool = true) -> Bool {
    sendMessage(compressed: compressed) { message.encode(into: &$0) }
  }

  /// Queues the message that `body` appends to the buffer it is given; returns as `send` does.
  @discardableResult
  public func sendMessage(compressed: Bool = true, _ body: (inout [UInt8]) -> Void) -> Bool {
    guard !isEnded, stream.isOpenForWriting else { return false }
    guard stream.bufferedBytes < core.terms.limits.maximumBufferedBytes else {
      core.counters.buffersOverrun &+= 1
      let limit = core.terms.limits.maximumBufferedBytes
      abort(Status(.resourceExhausted, "the server reads too slowly: \(limit) bytes wait"))
      return false
    }
    let isWritable = core.session.write(stream) {
      MessageFraming.append(to: &$0, compressingWith: compressed ? requestCodec : nil, body)
    }
    core.counters.messagesSent &+= 1
    core.outputArose()
    return isWritable
  }

  /// Says that no more messages will be sent, after those that are queued.
  public func halfClose() {
    guard !isEnded else { return }
    core.session.finish(stream)
    core.outputArose()
  }

  /// Ends the call now, with CANCELLED or a better status (a response that cannot be decoded, say); the
  /// server is told.
  public func cancel(_ status: Status = Status(.cancelled, "cancelled by the client")) {
    abort(status)
  }

  /// Stops giving window back to the server, which may send on for one window (and then waits). Other calls
  /// go on.
  public func pauseReading() {
    reading.pause()
  }

  /// Gives window back again.
  public func resumeReading() {
    let owed = reading.resume()
    guard owed > 0 else { return }
    core.session.consumeStream(stream.id, owed)
    core.outputArose()
  }

  // Called by the connection.

  func receive(_ event: HTTP2HeadersEvent) {
    guard !event.isTruncated else {
      core.counters.headersTooLarge &+= 1
      return abort(Status(.resourceExhausted, "the server's headers are over the limit"))
    }
    switch event.kind {
    case .request, .informational: break
    case .response: receiveResponse(event.headers, isEnd: event.isEnd)
    case .trailers: receiveTrailers(event.headers)
    }
  }

  private func receiveResponse(_ headers: HTTP2Headers, isEnd: Bool) {
    if isEnd, let status = HTTPMapping.status(ofTrailers: headers) {
      return end(status, trailers: HTTPMapping.metadata(headers))
    }
    let status = headers.first(":status") ?? ""
    guard status == "200" else { return abort(HTTPMapping.status(ofHTTP: status)) }
    let contentType = headers.first("content-type") ?? ""
    guard HTTPMapping.isGRPC(contentType: contentType) else {
      return abort(
        Status(.unknown, "the server answered with content-type \"\(contentType)\", not application/grpc"))
    }
    guard !isEnd else { return abort(Status(.unknown, "the server ended the call without a gRPC status")) }
    let encoding = core.terms.codecs.encoding(headers.first("grpc-encoding"))
    if case .unknown(let name) = encoding {
      return abort(Status(.internalError, "the server compresses with \(name), which it was not asked to"))
    }
    responseCodec = encoding.codec
    deframer.allowsCompression = responseCodec != nil
    hasHeaders = true
    handler?.receivedHeaders(HTTPMapping.metadata(headers), on: self)
  }

  private func receiveTrailers(_ headers: HTTP2Headers) {
    guard let status = HTTPMapping.status(ofTrailers: headers) else {
      return abort(Status(.unknown, "the server's trailers hold no gRPC status"))
    }
    guard !status.isOK || !deframer.isInsideMessage else {
      return abort(Status(.internalError, "the server ended the call inside a message"))
    }
    end(status, trailers: HTTPMapping.metadata(headers))
  }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    do throws(Status) {
      while !isEnded, let message = try deframer.next(&rest) {
        core.counters.messagesReceived &+= 1
        try handOver(message)
      }
    } catch {
      if error.code == .resourceExhausted { core.counters.messagesTooLarge &+= 1 }
      abort(error)
    }
    if reading.received(bytes.count) { core.session.consumeStream(stream.id, bytes.count) }
  }

  private func handOver(_ message: UnsafeRawBufferPointer) throws(Status) {
    guard deframer.isCompressed, let responseCodec else {
      handler?.receive(message, on: self)
      return
    }
    try responseCodec.decompressed(message, limit: core.terms.limits.maximumMessageBytes) {
      handler?.receive($0, on: self)
    }
  }

  func receiveEnd() {
    abort(Status(.internalError, "the server ended the call without trailers"))
  }

  func becomeWritable() {
    if !isEnded, stream.isOpenForWriting { handler?.writable(on: self) }
  }

  /// Ends the call here, and at the server if it does not know yet.
  func abort(_ status: Status) {
    guard !isEnded else { return }
    reset(.cancel)
    end(status)
  }

  func end(_ status: Status, trailers: Metadata = [:]) {
    guard !isEnded else { return }
    isEnded = true
    if status.isOK { core.counters.callsSucceeded &+= 1 } else { core.counters.callsFailed &+= 1 }
    // The server answered before all was sent: free its stream, and drop what it no longer wants.
    if stream.isOpenForWriting || stream.bufferedBytes > 0 { reset(.noError) }
    connection.forget(self)
    let handler = handler
    self.handler = nil
    handler?.ended(status, trailers: trailers, on: self)
    core.outputArose()
  }

  private func reset(_ code: HTTP2ErrorCode) {
    guard core.isAlive, core.session.reset(stream, code) else { return }
    core.counters.resetsSent &+= 1
  }
}
