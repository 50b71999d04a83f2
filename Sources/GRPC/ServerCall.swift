internal import HTTP2

/// One call as its server sees it. Not Sendable: it lives on its connection's loop.
///
///     open ──finish──► finishing ──trailers sent──► ended(.finished)
///       │                  │
///       └──────────────────┴── reset, deadline, connection gone ──► ended(reason)
public final class ServerCall {
  private enum State {
    case open
    case finishing
    case ended
  }

  /// The path that was called, `/package.Service/Method`.
  public let path: String
  /// What the client sent along; the protocol's own fields are left out.
  public let metadata: Metadata
  /// When the client stops waiting. The connection ends the call by itself then.
  public let deadline: Instant?
  /// The connection that the call came over.
  public let connection: ServerConnection

  let stream: HTTP2Stream

  private let core: ConnectionCore
  private var handler: (any ServerCallHandler)?
  private var state = State.open
  private var hasSentHeaders = false
  private var hasSucceeded = false
  private var deframer: MessageDeframer
  /// What the connection has been told of the deframer's memory.
  private var unfinishedBytes = 0
  private var reading = ReadingPause()
  private let requestCodec: MessageCodec?
  private var responseCodec: MessageCodec?
  private let acceptEncoding: String?

  init(
    _ head: RequestHead, metadata: Metadata, deadline: Instant?, connection: ServerConnection,
    core: ConnectionCore, stream: HTTP2Stream
  ) {
    path = head.path
    requestCodec = head.codec
    acceptEncoding = head.acceptEncoding
    self.metadata = metadata
    self.deadline = deadline
    self.connection = connection
    self.core = core
    self.stream = stream
    deframer = MessageDeframer(messageBytesMaximum: core.terms.limits.maximumMessageBytes)
    deframer.allowsCompression = head.codec != nil
  }

  /// Whether nothing can be sent any more: `finish` was called, or the call is over.
  public var isEnded: Bool { state != .open }

  /// Whether `send` would return true.
  public var isWritable: Bool { state == .open && stream.isWritable }

  /// Bytes waiting to be sent.
  public var bufferedBytes: Int { stream.bufferedBytes }

  /// Whether the message that arrived last was compressed on its way.
  public var isMessageCompressed: Bool { deframer.isCompressed }

  /// Has the messages that follow compressed, unless `send` is told otherwise. False, and nothing is, when the client
  /// does not take that, it is not among the configuration's codecs, or the response's headers have been sent.
  @discardableResult
  public func compressResponses(with codec: MessageCodec) -> Bool {
    guard !hasSentHeaders else { return false }
    responseCodec = core.terms.codecs.accepted(codec.name, by: acceptEncoding)
    return responseCodec != nil
  }

  /// Sends the response's headers now. Only the first call counts, and only before the first message.
  public func sendHeaders(_ metadata: Metadata) {
    guard state == .open else { return }
    openResponse(metadata)
    core.outputArose()
  }

  /// Queues a message. False when it is time to wait for `writable` (the message is queued all the same), or
  /// the call is over.
  @discardableResult
  public func send(_ message: some GRPCMessage, compressed: Bool = true) -> Bool {
    sendMessage(compressed: compressed) { message.encode(into: &$0) }
  }

  /// Queues the message that `body` appends to the buffer it is given; returns as `send` does.
  @discardableResult
  public func sendMessage(compressed: Bool = true, _ body: (inout [UInt8]) -> Void) -> Bool {
    guard state == .open else { return false }
    guard stream.bufferedBytes < core.terms.limits.maximumBufferedBytes,
      core.session.bufferedBytes < core.terms.limits.maximumConnectionBufferedBytes
    else {
      overrun()
      return false
    }
    openResponse([:])
    let isWritable = core.session.write(stream) {
      MessageFraming.append(to: &$0, compressingWith: compressed ? responseCodec : nil, body)
    }
    core.counters.messagesSent &+= 1
    core.outputArose()
    return isWritable
  }

  /// Ends the call with a status, after all messages that are queued. Only the first call counts.
  public func finish(_ status: Status, trailers: Metadata = [:]) {
    guard state == .open else { return }
    state = .finishing
    hasSucceeded = status.isOK
    sendStatus(status, trailers)
    core.outputArose()
  }

  /// Ends the call at once without a status: what waits is dropped, the client sees CANCELLED.
  public func cancel() {
    guard state != .ended else { return }
    reset()
    connection.forget(self)
    end(.cancelled)
    core.outputArose()
  }

  /// Stops giving window back to the client, which may send on for one window (and then waits). Other calls
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

  private func openResponse(_ metadata: Metadata) {
    guard !hasSentHeaders else { return }
    hasSentHeaders = true
    var headers: HTTP2Headers = [":status": "200", "content-type": "application/grpc"]
    if let responseCodec { headers.add("grpc-encoding", responseCodec.name) }
    if !core.terms.codecs.isEmpty { headers.add("grpc-accept-encoding", core.terms.codecs.acceptEncoding) }
    headers.add(metadata)
    core.session.respond(stream, headers, isEnd: false)
  }

  private func sendStatus(_ status: Status, _ trailers: Metadata) {
    var fields: HTTP2Headers = hasSentHeaders ? [:] : [":status": "200", "content-type": "application/grpc"]
    fields.add(status)
    fields.add(trailers)
    if hasSentHeaders {
      core.session.finish(stream, trailers: fields)
    } else {
      hasSentHeaders = true
      core.session.respond(stream, fields, isEnd: true)
    }
  }

  private func overrun() {
    core.counters.buffersOverrun &+= 1
    let waiting = core.session.bufferedBytes
    core.session.discardBuffered(stream)
    finish(Status(.resourceExhausted, "the client reads too slowly: \(waiting) bytes wait"))
  }

  private func reset() {
    if core.session.reset(stream, .cancel) { core.counters.resetsSent &+= 1 }
  }

  // Called by the connection.

  /// Gives the call its handler; one that cancelled the call while it was made hears the end at once.
  func attach(_ handler: any ServerCallHandler) {
    guard state != .ended else { return handler.ended(on: self, .cancelled) }
    self.handler = handler
  }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    do throws(Status) {
      while state == .open, let message = try deframer.next(&rest) {
        core.counters.messagesReceived &+= 1
        try handOver(message)
      }
    } catch {
      if error.code == .resourceExhausted { core.counters.messagesTooLarge &+= 1 }
      finish(error)
    }
    countUnfinished()
    if state == .open, core.unfinishedBytes > core.terms.limits.maximumUnfinishedBytes { refuseUnfinished() }
    if reading.received(bytes.count) { core.session.consumeStream(stream.id, bytes.count) }
  }

  private func countUnfinished() {
    let bytes = state == .ended ? 0 : deframer.heldBytes
    core.unfinishedBytes += bytes - unfinishedBytes
    unfinishedBytes = bytes
  }

  private func refuseUnfinished() {
    core.counters.unfinishedOverrun &+= 1
    deframer.discard()
    countUnfinished()
    let limit = core.terms.limits.maximumUnfinishedBytes
    finish(
      Status(
        .resourceExhausted, "messages that have arrived in part take over \(limit) bytes on the connection"))
  }

  private func handOver(_ message: UnsafeRawBufferPointer) throws(Status) {
    guard deframer.isCompressed, let requestCodec else {
      handler?.receive(message, on: self)
      return
    }
    try requestCodec.decompressed(message, limit: core.terms.limits.maximumMessageBytes) {
      handler?.receive($0, on: self)
    }
  }

  func receiveEnd() {
    guard state == .open else { return }
    guard !deframer.isInsideMessage else {
      return finish(Status(.internalError, "the client ended the call inside a message"))
    }
    handler?.halfClosed(on: self)
  }

  func becomeWritable() {
    if state == .open { handler?.writable(on: self) }
  }

  /// Ends the call because its time is up: what waits is dropped, so that the client hears of it at once.
  func expire() {
    core.counters.deadlinesExceeded &+= 1
    if state == .open {
      core.session.discardBuffered(stream)
      finish(Status(.deadlineExceeded, "the deadline passed at the server"))
    } else {
      // The client had the whole time to take the answer, and did not.
      reset()
    }
    end(.deadlineExceeded)
  }

  func end(_ reason: CallEnd) {
    guard state != .ended else { return }
    state = .ended
    if reason == .finished, hasSucceeded {
      core.counters.callsSucceeded &+= 1
    } else {
      core.counters.callsFailed &+= 1
    }
    countUnfinished()
    let handler = handler
    self.handler = nil
    handler?.ended(on: self, reason)
  }
}
