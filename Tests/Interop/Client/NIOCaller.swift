import GRPC
import GRPCNIO
import NIOPosix

/// The async client.
final class NIOCaller: Caller {
  private let client: GRPCClient

  init(to target: Target, tls: ClientTLS?, configuration: ClientConfiguration) async throws(Status) {
    client = try await GRPCClient.connect(
      to: target, tls: tls, group: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
  }

  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, timeout: Duration, codec: MessageCodec?
  ) async throws(Status) -> Response {
    try await client.unary(method, request, timeout: timeout, codec: codec)
  }

  func open<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata, timeout: Duration, codec: MessageCodec?
  ) async throws(Status) -> any Conversation<Request, Response> {
    NIOConversation(
      try await client.bidirectional(method, metadata: metadata, timeout: timeout, codec: codec))
  }

  func close() async {
    await client.close()
  }
}

private final class NIOConversation<Request: GRPCMessage, Response: GRPCMessage>: Conversation {
  private let call: BidirectionalCall<Request, Response>
  private var responses: ResponseStream<Response>.AsyncIterator

  init(_ call: BidirectionalCall<Request, Response>) {
    self.call = call
    responses = call.responses.makeAsyncIterator()
  }

  func send(_ request: Request, compressed: Bool) async throws(Status) {
    try await call.send(request, compressed: compressed)
  }

  func finish() { call.finishRequests() }
  func cancel() { call.cancel() }
  func next() async throws(Status) -> Response? { try await responses.next(isolation: nil) }
  var wasCompressed: Bool { responses.wasCompressed }
  func headers() async throws(Status) -> Metadata { await call.responses.headers() }
  var trailers: Metadata? { call.responses.trailers }
}
