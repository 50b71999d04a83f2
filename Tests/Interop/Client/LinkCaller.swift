import GRPC
import Glibc
import Link

/// The collector's client, driven by `poll` for as long as a case waits for something.
final class LinkCaller: Caller {
  private let link: Link
  private var isConnected = false

  init(to target: LinkTarget, tls: LinkTLS?, configuration: ClientConfiguration) throws(Status) {
    link = Link(target: target, tls: tls, configuration: configuration)
    link.open(at: Self.now)
    try wait { isConnected }
  }

  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, timeout: Duration, codec: MessageCodec?
  ) async throws(Status) -> Response {
    let call = try await open(method, metadata: [:], timeout: timeout, codec: codec)
    try await call.send(request)
    call.finish()
    let responses = try await call.rest()
    guard responses.count == 1, let response = responses.first else {
      throw Status(.internalError, "\(responses.count) responses to a unary call")
    }
    return response
  }

  func open<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata, timeout: Duration, codec: MessageCodec?
  ) async throws(Status) -> any Conversation<Request, Response> {
    guard let grpc = link.grpc else { throw Status(.unavailable, "not connected") }
    let conversation = LinkConversation<Request, Response>(self)
    conversation.call = try grpc.start(
      method.path, metadata: metadata, timeout: timeout, codec: codec, at: Self.now, handler: conversation)
    return conversation
  }

  func close() async {
    link.close()
  }

  /// Lets the link work until `isDone`, or throws UNAVAILABLE when it is gone before.
  func wait(until isDone: () -> Bool) throws(Status) {
    try take(link.flush(at: Self.now))
    while !isDone() {
      var watched = pollfd(fd: link.descriptor, events: link.interest, revents: 0)
      let pause = link.nextDeadline.map { max(0, ($0 - Self.now) / .milliseconds(1)) } ?? 1000
      _ = poll(&watched, 1, Int32(min(pause.rounded(.up), 1000)))
      try take(
        watched.revents == 0 ? link.tick(at: Self.now) : link.handle(revents: watched.revents, at: Self.now))
    }
  }

  private func take(_ event: LinkEvent?) throws(Status) {
    switch event {
    case .connected: isConnected = true
    case .failed(let error): throw Status(.unavailable, "\(error)")
    case .closed(let error?): throw Status(.unavailable, "\(error)")
    case .closed(nil): throw Status(.unavailable, "the connection was closed")
    case nil: break
    }
  }

  private static var now: Instant {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Instant(nanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
  }
}

private final class LinkConversation<Request: GRPCMessage, Response: GRPCMessage>: Conversation,
  ClientCallHandler
{
  private typealias Received = (bytes: [UInt8], wasCompressed: Bool)

  var call: ClientCall?
  private let caller: LinkCaller
  private var received: ArraySlice<Received> = []
  private var head: Metadata?
  private var end: Status?
  private(set) var trailers: Metadata?
  private(set) var wasCompressed = false

  init(_ caller: LinkCaller) {
    self.caller = caller
  }

  func send(_ request: Request, compressed: Bool) async throws(Status) {
    guard let call else { return }
    if call.send(request, compressed: compressed) { return }
    try caller.wait { call.isWritable || end != nil }
  }

  func finish() { call?.halfClose() }
  func cancel() { call?.cancel() }

  func next() async throws(Status) -> Response? {
    try caller.wait { !received.isEmpty || end != nil }
    if let (bytes, wasCompressed) = received.popFirst() {
      self.wasCompressed = wasCompressed
      return try decode(bytes)
    }
    guard let end, !end.isOK else { return nil }
    throw end
  }

  func headers() async throws(Status) -> Metadata {
    try caller.wait { head != nil || end != nil }
    return head ?? [:]
  }

  private func decode(_ bytes: [UInt8]) throws(Status) -> Response {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(Status) in try Response(decoding: bytes) }
    }
    return try result.get()
  }

  // MARK: ClientCallHandler

  func receivedHeaders(_ metadata: Metadata, on call: ClientCall) { head = metadata }

  func receive(_ message: UnsafeRawBufferPointer, on call: ClientCall) {
    received.append(([UInt8](message), call.isMessageCompressed))
  }

  func ended(_ status: Status, trailers: Metadata, on call: ClientCall) {
    end = status
    self.trailers = trailers
  }
}
