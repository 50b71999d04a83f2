public import GRPC

/// The requests of one call, for any task to write.
public struct RequestWriter<Request: GRPCMessage>: Sendable {
  private let owner: CallOwner

  init(_ owner: CallOwner) {
    self.owner = owner
  }

  /// Queues a request, then waits as long as too much is queued: the server's pace is the writer's. It is compressed
  /// if the call has a codec, unless told otherwise.
  ///
  /// Throws the call's status once it has failed, or FAILED_PRECONDITION after `finish` or a server's early OK.
  public nonisolated(nonsending) func send(_ request: Request, compressed: Bool = true) async throws(Status) {
    try await owner.call.send(OutboundMessage(bytes: request.encodedBytes, isCompressed: compressed))
  }

  /// Says that no more requests follow.
  public func finish() {
    owner.call.halfClose()
  }
}

/// A call that sends any number of requests and is answered once. Cancelled when dropped.
public struct ClientStreamingCall<Request: GRPCMessage, Response: GRPCMessage>: Sendable {
  private let owner: CallOwner
  /// Where the requests go.
  public let requests: RequestWriter<Request>

  init(_ owner: CallOwner) {
    self.owner = owner
    requests = RequestWriter(owner)
  }

  /// Queues a request, see `RequestWriter.send`.
  public nonisolated(nonsending) func send(_ request: Request, compressed: Bool = true) async throws(Status) {
    try await requests.send(request, compressed: compressed)
  }

  /// Says that no more requests follow and waits for the answer; throws the call's status when it is not OK.
  public nonisolated(nonsending) func response() async throws(Status) -> Response {
    requests.finish()
    return try await owner.onlyResponse()
  }

  /// Ends the call with CANCELLED.
  public func cancel() {
    owner.call.cancel()
  }
}

/// A call with requests and responses in any number and order. Cancelled when all of it is dropped.
public struct BidirectionalCall<Request: GRPCMessage, Response: GRPCMessage>: Sendable {
  /// Where the requests go.
  public let requests: RequestWriter<Request>
  /// Where the responses come from.
  public let responses: ResponseStream<Response>

  init(_ owner: CallOwner) {
    requests = RequestWriter(owner)
    responses = ResponseStream(owner)
  }

  /// Queues a request, see `RequestWriter.send`.
  public nonisolated(nonsending) func send(_ request: Request, compressed: Bool = true) async throws(Status) {
    try await requests.send(request, compressed: compressed)
  }

  /// Says that no more requests follow.
  public func finishRequests() {
    requests.finish()
  }

  /// Ends the call with CANCELLED.
  public func cancel() {
    responses.cancel()
  }
}

extension CallOwner {
  /// The response of a call that has exactly one.
  nonisolated(nonsending) func onlyResponse<Response: GRPCMessage>() async throws(Status) -> Response {
    guard let message = try await call.inbox.next(of: call) else {
      throw Status(.internalError, "the server ended the call with OK but without a response")
    }
    guard try await call.inbox.next(of: call) == nil else {
      throw Status(.internalError, "the server sent more than one response to a call that has one")
    }
    return try Response(decodingBytes: message.bytes)
  }
}
