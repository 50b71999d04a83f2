// `grpc.testing.TestService`, which implementations of gRPC try each other with: its messages, its methods, and the
// service itself. Source: grpc/grpc doc/interop-test-descriptions.md. Not shipped.

public import GRPC

/// The methods of `grpc.testing.TestService`, and what answers them.
public enum TestService {
  /// One empty message for another.
  public static let emptyCall = Method<Empty, Empty>(service: name, name: "EmptyCall")
  /// One response of the size asked for.
  public static let unaryCall = Method<SimpleRequest, PayloadResponse>(service: name, name: "UnaryCall")
  /// The responses asked for, one after the other.
  public static let streamingOutputCall = Method<StreamingOutputRequest, PayloadResponse>(
    service: name, name: "StreamingOutputCall")
  /// Counts the bytes of all requests.
  public static let streamingInputCall = Method<StreamingInputRequest, StreamingInputResponse>(
    service: name, name: "StreamingInputCall")
  /// Answers each request as StreamingOutputCall does, at once.
  public static let fullDuplexCall = Method<StreamingOutputRequest, PayloadResponse>(
    service: name, name: "FullDuplexCall")
  /// The same after the last request.
  public static let halfDuplexCall = Method<StreamingOutputRequest, PayloadResponse>(
    service: name, name: "HalfDuplexCall")
  /// Not there.
  public static let unimplementedCall = Method<Empty, Empty>(service: name, name: "UnimplementedCall")
  /// Of a service that is not there.
  public static let unimplementedService = Method<Empty, Empty>(
    service: "grpc.testing.UnimplementedService", name: "UnimplementedCall")

  /// The service's full name.
  public static let name = "grpc.testing.TestService"

  /// Adds all methods that are implemented. Responses that shall be compressed are compressed with this codec.
  public static func register(in router: inout Router, compressingWith codec: MessageCodec) {
    router.serverStreaming(emptyCall) { _, stream in
      echoInitial(stream.call)
      stream.send(Empty())
      stream.finish(.ok, trailers: echoedTrailers(stream.call))
    }
    router.serverStreaming(unaryCall) { request, stream throws(Status) in
      try answer(request, stream, codec)
    }
    router.serverStreaming(streamingOutputCall) { request, stream throws(Status) in
      let output = OutputQueue(stream, codec)
      try output.add(request)
      output.end()
    }
    router.clientStreaming(streamingInputCall, count)
    router.bidirectional(fullDuplexCall) { stream in
      echoInitial(stream.call)
      let output = OutputQueue(stream, codec)
      return StreamReader(onMessage: output.add, onHalfClose: output.end)
    }
    router.bidirectional(halfDuplexCall) { stream in
      let output = OutputQueue(stream, codec)
      var requests: [StreamingOutputRequest] = []
      return StreamReader(
        onMessage: { requests.append($0) },
        onHalfClose: { () throws(Status) in
          for request in requests { try output.add(request) }
          output.end()
        })
    }
  }

  private static func answer(
    _ request: SimpleRequest, _ stream: ServerStream<PayloadResponse>, _ codec: MessageCodec
  ) throws(Status) {
    try expect(request.expectCompressed, stream.call)
    let size = try checked(request.responseSize, type: request.responseType)
    let isCompressed = request.responseCompressed?.value == true
    if isCompressed { stream.call.compressResponses(with: codec) }
    echoInitial(stream.call)
    if let status = request.responseStatus, status.code != 0 {
      return stream.finish(Status(status), trailers: echoedTrailers(stream.call))
    }
    stream.call.send(PayloadResponse(Payload(zeros: size)), compressed: isCompressed)
    stream.finish(.ok, trailers: echoedTrailers(stream.call))
  }

  @Sendable private static func count(
    _ stream: ServerStream<StreamingInputResponse>
  ) -> StreamReader<StreamingInputRequest> {
    var size = 0
    return StreamReader(
      onMessage: { request throws(Status) in
        try expect(request.expectCompressed, stream.call)
        size += request.payload?.body.count ?? 0
      },
      onHalfClose: { stream.finish(with: StreamingInputResponse(aggregatedPayloadSize: size)) })
  }

  private static func expect(_ compressed: BoolValue?, _ call: ServerCall) throws(Status) {
    guard let compressed, compressed.value != call.isMessageCompressed else { return }
    let found = call.isMessageCompressed ? "is" : "is not"
    throw Status(.invalidArgument, "expect_compressed is \(compressed.value), and the message \(found)")
  }

  /// The size of a response that can be made.
  static func checked(_ size: Int, type: Int) throws(Status) -> Int {
    guard type == 0 else { throw Status(.invalidArgument, "there is no payload of type \(type)") }
    guard 0...responseBytesMaximum ~= size else {
      throw Status(.invalidArgument, "a response of \(size) bytes; 0 to \(responseBytesMaximum) can be had")
    }
    return size
  }

  private static let responseBytesMaximum = 64 << 20
}

// MARK: - The echo of metadata (case custom_metadata)

private let echoedInitialName = "x-grpc-test-echo-initial"
private let echoedTrailingName = "x-grpc-test-echo-trailing-bin"

private func echoInitial(_ call: ServerCall) {
  guard let value = call.metadata.first(echoedInitialName) else { return }
  call.sendHeaders([echoedInitialName: value])
}

func echoedTrailers(_ call: ServerCall) -> Metadata {
  var trailers = Metadata()
  for value in call.metadata.binary(echoedTrailingName) { trailers.addBinary(echoedTrailingName, value) }
  return trailers
}

extension Status {
  /// The status asked for; a number that is no code of gRPC's becomes UNKNOWN.
  init(_ echo: EchoStatus) {
    self.init(StatusCode(rawValue: echo.code) ?? .unknown, echo.message)
  }
}
