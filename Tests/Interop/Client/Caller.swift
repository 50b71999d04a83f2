import GRPC

/// What the cases need of a client; there is one for each driver of ours.
protocol Caller: AnyObject {
  /// One request, one response.
  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, timeout: Duration, codec: MessageCodec?
  ) async throws(Status) -> Response

  /// A call of any kind.
  func open<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata, timeout: Duration, codec: MessageCodec?
  ) async throws(Status) -> any Conversation<Request, Response>

  func close() async
}

/// One call: requests and responses in any order.
protocol Conversation<Request, Response>: AnyObject {
  associatedtype Request: GRPCMessage
  associatedtype Response: GRPCMessage

  func send(_ request: Request, compressed: Bool) async throws(Status)
  func finish()
  func cancel()
  /// The next response, nil at the end; throws the call's status when it is not OK.
  func next() async throws(Status) -> Response?
  /// Whether the response that came last was compressed on its way.
  var wasCompressed: Bool { get }
  /// The server's headers, once they are there.
  func headers() async throws(Status) -> Metadata
  /// What came with the status; nil before.
  var trailers: Metadata? { get }
}

extension Conversation {
  func send(_ request: Request) async throws(Status) {
    try await send(request, compressed: true)
  }

  /// All responses until the call ends OK.
  func rest() async throws(Status) -> [Response] {
    var responses: [Response] = []
    while let response = try await next() { responses.append(response) }
    return responses
  }
}
