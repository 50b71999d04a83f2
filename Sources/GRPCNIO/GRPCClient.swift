public import GRPC
import NIOCore

/// A gRPC client on one connection, for programs that use tasks. Does not reconnect: its holder does.
public final class GRPCClient: Sendable {
  /// How long `close` lets the goodbye take.
  public static let closeTimeMaximum = Duration.seconds(5)

  /// What the client is connected to.
  public let target: Target
  let channel: any Channel
  private let connection: NIOLoopBound<ClientConnection>

  init(target: Target, channel: any Channel, connection: NIOLoopBound<ClientConnection>) {
    self.target = target
    self.channel = channel
    self.connection = connection
  }

  deinit {
    wind(down: .windDown)
  }

  /// Whether the connection still stands. A call may fail all the same: the network tells late.
  public var isConnected: Bool { channel.isActive }

  /// Returns when the connection is gone, for whatever reason.
  public nonisolated(nonsending) func closed() async {
    try? await channel.closeFuture.get()
  }

  /// Ends open calls with CANCELLED, says goodbye to the server, and returns when the connection is gone, at the latest
  /// after `closeTimeMaximum`.
  public nonisolated(nonsending) func close() async {
    wind(down: .windDown)
    let channel = channel
    let forced = channel.eventLoop.scheduleTask(in: TimeAmount(Self.closeTimeMaximum)) {
      channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.abort, promise: nil)
    }
    await closed()
    forced.cancel()
  }

  private func wind(down command: GRPCConnectionHandler.Command) {
    guard channel.isActive else { return }
    channel.triggerUserOutboundEvent(command, promise: nil)
  }
}

// MARK: - Calls

extension GRPCClient {
  /// One request, one response. Throws the call's status when it is not OK.
  ///
  /// Calls of all kinds: `timeout` counts from now and is told to the server; with a codec, requests are compressed
  /// unless `send` is told otherwise; a cancelled task cancels the call.
  public nonisolated(nonsending) func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, metadata: Metadata = [:],
    timeout: Duration? = nil, codec: MessageCodec? = nil
  ) async throws(Status) -> Response {
    let owner = try prepare(request)
    owner.call.start(CallHead(method.path, metadata, timeout, codec), on: connection)
    return try await owner.onlyResponse()
  }

  /// One request, any number of responses. Returns once the call has started.
  ///
  /// Also for methods with one response, where its headers and trailers are wanted: on the wire it is the same.
  public nonisolated(nonsending) func serverStreaming<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, metadata: Metadata = [:],
    timeout: Duration? = nil, codec: MessageCodec? = nil
  ) async throws(Status) -> ResponseStream<Response> {
    let owner = try prepare(request)
    await start(owner, CallHead(method.path, metadata, timeout, codec))
    return ResponseStream(owner)
  }

  /// Any number of requests, one response. Returns once the call has started.
  public nonisolated(nonsending) func clientStreaming<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata = [:], timeout: Duration? = nil,
    codec: MessageCodec? = nil
  ) async throws(Status) -> ClientStreamingCall<Request, Response> {
    let owner = try newCall()
    await start(owner, CallHead(method.path, metadata, timeout, codec))
    return ClientStreamingCall(owner)
  }

  /// Requests and responses in any number and order. Returns once the call has started.
  public nonisolated(nonsending) func bidirectional<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata = [:], timeout: Duration? = nil,
    codec: MessageCodec? = nil
  ) async throws(Status) -> BidirectionalCall<Request, Response> {
    let owner = try newCall()
    await start(owner, CallHead(method.path, metadata, timeout, codec))
    return BidirectionalCall(owner)
  }

  private func newCall() throws(Status) -> CallOwner {
    guard channel.isActive else {
      throw Status(.unavailable, "\(target): the connection is closed")
    }
    return CallOwner(LoopCall(on: channel.eventLoop))
  }

  private func prepare(_ request: some GRPCMessage) throws(Status) -> CallOwner {
    let owner = try newCall()
    try owner.call.prepare(OutboundMessage(bytes: request.encodedBytes))
    owner.call.halfClose()
    return owner
  }

  private nonisolated(nonsending) func start(_ owner: CallOwner, _ head: CallHead) async {
    await withCheckedContinuation { started in
      owner.call.start(head, on: connection) { started.resume() }
    }
  }
}
