import GRPC
import HTTP2
import Testing

/// What is answered to a peer that breaks HTTP/2's or gRPC's rules; the table in docs/PROTOCOL.md says the same.
@Suite struct BrokenRuleTests {
  enum Answer: Equatable {
    /// The connection ends.
    case goAway(HTTP2ErrorCode)
    /// The call ends, others go on.
    case reset(HTTP2ErrorCode)
    /// As if it had not been said.
    case nothing
  }

  struct ClientFault: CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let answer: Answer

    init(_ what: String, _ bytes: [UInt8], _ answer: Answer) {
      testDescription = what
      self.bytes = bytes
      self.answer = answer
    }
  }

  static let request = [
    (":method", "POST"), (":scheme", "http"), (":path", Echo.chat.path), (":authority", "test"),
    ("content-type", "application/grpc"), ("te", "trailers"),
  ]

  /// A request whose fields are changed.
  static func request(_ change: (inout [(String, String)]) -> Void) -> [UInt8] {
    var fields = request
    change(&fields)
    return FrameBytes.headers(1, fields)
  }

  static let opened = FrameBytes.headers(1, request)
  static let half = FrameBytes.headers(1, request, FrameBytes.endHeaders | FrameBytes.endStream)

  static let clientFaults: [ClientFault] = [
    // Streams.
    .init("DATA before HEADERS", FrameBytes.data(1), .goAway(.protocolError)),
    .init("DATA after END_STREAM", half + FrameBytes.data(1, framed("a")), .goAway(.streamClosed)),
    .init("two END_STREAMs", half + FrameBytes.data(1, [], FrameBytes.endStream), .goAway(.streamClosed)),
    .init(
      "HEADERS after END_STREAM", half + FrameBytes.headers(1, [("a", "b")], 5), .goAway(.streamClosed)),
    .init(
      "trailers without END_STREAM", opened + FrameBytes.headers(1, [("a", "b")]), .reset(.protocolError)),
    .init("an even stream", FrameBytes.headers(2, request), .goAway(.protocolError)),
    .init(
      "a stream below the last", FrameBytes.headers(5, request) + FrameBytes.headers(3, request),
      .nothing),
    .init("HEADERS on stream 0", FrameBytes.headers(0, request), .goAway(.protocolError)),
    .init("DATA on stream 0", FrameBytes.data(0, [1]), .goAway(.protocolError)),
    .init("RST_STREAM of an idle stream", FrameBytes.reset(1, .cancel), .goAway(.protocolError)),
    .init(
      "WINDOW_UPDATE of an idle stream", FrameBytes.frame(8, 0, 1, [0, 0, 0, 1]), .goAway(.protocolError)),
    .init(
      "a window beyond 2^31-1", opened + FrameBytes.frame(8, 0, 1, [0x7f, 255, 255, 255]),
      .reset(.flowControlError)),
    .init(
      "a connection's window beyond 2^31-1", FrameBytes.frame(8, 0, 0, [0x7f, 255, 255, 255]),
      .goAway(.flowControlError)),
    .init("PUSH_PROMISE", opened + FrameBytes.frame(5, 4, 1, [0, 0, 0, 2]), .goAway(.protocolError)),
    .init("an unknown frame type", opened + FrameBytes.frame(0xfa, 0xff, 1, [1, 2, 3]), .nothing),
    .init(
      "a PRIORITY of itself", opened + FrameBytes.frame(2, 0, 1, [0, 0, 0, 1, 0]), .goAway(.protocolError)),
    // Sizes.
    .init(
      "a PING of 7 bytes", FrameBytes.frame(6, 0, 0, Array(repeating: 0, count: 7)), .goAway(.frameSizeError)),
    .init("SETTINGS of 5 bytes", FrameBytes.frame(4, 0, 0, [0, 4, 0, 0, 0]), .goAway(.frameSizeError)),
    .init(
      "SETTINGS ACK with a payload", FrameBytes.frame(4, 1, 0, [0, 4, 0, 0, 0, 1]), .goAway(.frameSizeError)),
    .init(
      "a frame over 16,384 bytes", FrameBytes.data(1, Array(repeating: 0, count: 16385)),
      .goAway(.frameSizeError)),
    .init("padding longer than the frame", opened + FrameBytes.data(1, [9, 0], 8), .goAway(.protocolError)),
    .init(
      "a header block that is no HPACK", FrameBytes.frame(1, 4, 1, [0xff, 0xff, 0xff]),
      .goAway(.compressionError)),
    .init(
      "another frame inside a header block", FrameBytes.headers(1, request, 0) + FrameBytes.data(1),
      .goAway(.protocolError)),
    // Fields.
    .init("no :path", request { $0.remove(at: 2) }, .reset(.protocolError)),
    .init("an empty :path", request { $0[2].1 = "" }, .reset(.protocolError)),
    .init("two :paths", request { $0.insert((":path", "/a/b"), at: 3) }, .reset(.protocolError)),
    .init("an unknown pseudo-header", request { $0.insert((":x", "y"), at: 0) }, .reset(.protocolError)),
    .init(
      "a pseudo-header behind a field", request { $0.append((":scheme", "http")) }, .reset(.protocolError)),
    .init("a capital in a name", request { $0.append(("X-a", "b")) }, .reset(.protocolError)),
    .init(
      "connection: keep-alive", request { $0.append(("connection", "keep-alive")) }, .reset(.protocolError)),
    .init("te: gzip", request { $0[5].1 = "gzip" }, .reset(.protocolError)),
    .init("a NUL in a value", request { $0.append(("x-a", "b\0c")) }, .reset(.protocolError)),
    .init("a line end in a value", request { $0.append(("x-a", "b\nc")) }, .reset(.protocolError)),
    .init(
      "content-length that is not so",
      request { $0.append(("content-length", "3")) } + FrameBytes.data(1, framed("a"), FrameBytes.endStream),
      .reset(.protocolError)),
  ]

  @Test(arguments: clientFaults)
  func aClient(_ fault: ClientFault) {
    let server = ServerConnection(
      configuration: ServerConfiguration(), router: .echo(), peer: "raw", at: Instant(nanoseconds: 0))
    var output: [UInt8] = []
    for bytes in [FrameBytes.preface, fault.bytes] {
      bytes.withUnsafeBytes { server.receive($0, at: Instant(nanoseconds: 0)) }
      while server.takeOutput({ output += $0 }) {}
    }
    let errors = FrameBytes.errors(in: output)
    switch fault.answer {
    case .goAway(let code):
      #expect(errors.goAway == code)
      #expect(server.isFinished)
      #expect(server.openCallCount == 0)
      #expect(server.counters.protocolViolations == 1)
    case .reset(let code):
      #expect(errors.goAway == nil)
      #expect(errors.resets == [code])
      #expect(!server.isFinished)
      #expect(server.openCallCount == 0)
      #expect(server.counters.resetsProvoked == 1)
    case .nothing:
      #expect(errors.goAway == nil)
      #expect(errors.resets.isEmpty)
      #expect(!server.isFinished)
    }
  }

  struct ServerFault: CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let code: StatusCode
    let message: String
    let messages: [String]

    init(_ what: String, _ bytes: [UInt8], _ code: StatusCode, _ message: String, _ messages: [String] = []) {
      testDescription = what
      self.bytes = bytes
      self.code = code
      self.message = message
      self.messages = messages
    }
  }

  static let response = FrameBytes.headers(1, [(":status", "200"), ("content-type", "application/grpc")])
  static let trailers = FrameBytes.headers(1, [("grpc-status", "0")], 5)

  static let serverFaults: [ServerFault] = [
    .init("DATA before HEADERS", FrameBytes.data(1, framed("a")), .unavailable, "broke HTTP/2"),
    .init(
      "DATA after trailers", response + trailers + FrameBytes.data(1, framed("a")), .ok, ""),
    .init(
      "trailers without END_STREAM", response + FrameBytes.headers(1, [("grpc-status", "0")]), .internalError,
      "PROTOCOL_ERROR"),
    .init(
      "END_STREAM without trailers", response + FrameBytes.data(1, framed("a"), 1), .internalError,
      "without trailers", ["a"]),
    .init(
      "END_STREAM, then trailers", response + FrameBytes.data(1, framed("a"), 1) + trailers, .internalError,
      "without trailers", ["a"]),
    .init("trailers twice", response + trailers + trailers, .ok, ""),
    .init(
      "a message cut short", response + FrameBytes.data(1, framed("a", length: 2)) + trailers, .internalError,
      "inside a message"),
    .init(
      "no trailers' status", response + FrameBytes.headers(1, [("x", "y")], 5), .unknown, "no gRPC status"),
    .init(
      "a bad percent escape",
      response + FrameBytes.headers(1, [("grpc-status", "5"), ("grpc-message", "50%")], 5),
      .notFound, "50%"),
    .init(
      "a status that is no number",
      response + FrameBytes.headers(1, [("grpc-status", "five")], 5), .unknown, "unknown grpc-status five"),
    .init(
      "no :status", FrameBytes.headers(1, [("content-type", "application/grpc")]), .internalError,
      "PROTOCOL_ERROR"),
    .init(
      "a capital in a name", FrameBytes.headers(1, [(":status", "200"), ("X-a", "b")]), .internalError,
      "PROTOCOL_ERROR"),
    .init("PUSH_PROMISE", FrameBytes.frame(5, 4, 1, [0, 0, 0, 2]), .unavailable, "broke HTTP/2"),
    .init("an answer to nothing", FrameBytes.headers(3, [(":status", "200")]), .unavailable, "broke HTTP/2"),
    .init(
      "a frame over 16,384 bytes", FrameBytes.data(1, Array(repeating: 0, count: 16385)), .unavailable,
      "broke HTTP/2"),
    .init("REFUSED_STREAM", FrameBytes.reset(1, .refusedStream), .unavailable, "REFUSED_STREAM"),
  ]

  @Test(arguments: serverFaults)
  func aServer(_ fault: ServerFault) throws {
    let client = ClientConnection(
      configuration: ClientConfiguration(), authority: "test", scheme: "http", at: Instant(nanoseconds: 0))
    let recorder = Recorder()
    let call = try client.start(Echo.chat.path, handler: recorder)
    call.send(Text("x"))
    for bytes in [FrameBytes.frame(4, 0, 0) + FrameBytes.frame(4, 1, 0), fault.bytes] {
      while client.takeOutput({ _ in }) {}
      bytes.withUnsafeBytes { client.receive($0, at: Instant(nanoseconds: 0)) }
    }
    while client.takeOutput({ _ in }) {}
    #expect(recorder.status?.code == fault.code)
    #expect(recorder.status?.message.contains(fault.message) == true || fault.message.isEmpty)
    #expect(recorder.messages == fault.messages)
    #expect(recorder.endCount == 1)
    #expect(client.openCallCount == 0)
  }
}

extension HTTP2ErrorCode {
  fileprivate static let streamClosed = HTTP2ErrorCode(rawValue: 5)
  fileprivate static let frameSizeError = HTTP2ErrorCode(rawValue: 6)
}
