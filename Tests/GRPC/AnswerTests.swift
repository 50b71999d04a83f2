import GRPC
import HTTP2
import Testing

/// What a client makes of answers that a proper server would not send.
@Suite struct AnswerTests {
  static let grpc: HTTP2Headers = [":status": "200", "content-type": "application/grpc"]

  @Test(arguments: [
    ("400", StatusCode.internalError), ("401", .unauthenticated), ("403", .permissionDenied),
    ("404", .unimplemented), ("429", .unavailable), ("502", .unavailable), ("503", .unavailable),
    ("504", .unavailable), ("500", .unknown), ("302", .unknown), ("204", .unknown),
  ])
  func httpStatus(_ http: String, _ code: StatusCode) throws {
    for isEnd in [true, false] {
      let status = try RawServer().status { stream, session in
        session.respond(stream, [":status": http, "content-type": "text/html"], isEnd: isEnd)
      }
      #expect(status?.code == code)
    }
  }

  @Test(arguments: [
    (HTTP2ErrorCode.noError, StatusCode.internalError), (.protocolError, .internalError),
    (.refusedStream, .unavailable), (.cancel, .cancelled), (.enhanceYourCalm, .resourceExhausted),
    (.inadequateSecurity, .permissionDenied), (.init(rawValue: 999), .internalError),
  ])
  func reset(_ reset: HTTP2ErrorCode, _ code: StatusCode) throws {
    let status = try RawServer().status { stream, session in session.reset(stream, reset) }
    #expect(status?.code == code)
  }

  @Test(arguments: [
    ("0", StatusCode.ok), ("5", .notFound), ("16", .unauthenticated), ("17", .unknown), ("-1", .unknown),
    ("x", .unknown), ("99999999999999999999", .unknown),
  ])
  func grpcStatus(_ text: String, _ code: StatusCode) throws {
    let inTrailers = try RawServer().status { stream, session in
      session.respond(stream, Self.grpc, isEnd: false)
      session.finish(stream, trailers: ["grpc-status": text])
    }
    #expect(inTrailers?.code == code)
    let alone = try RawServer().status { stream, session in
      session.respond(
        stream, [":status": "200", "content-type": "application/grpc", "grpc-status": text], isEnd: true)
    }
    #expect(alone?.code == code)
  }

  @Test func statusWithHTTPErrorWins() throws {
    let status = try RawServer().status { stream, session in
      session.respond(stream, [":status": "503", "grpc-status": "8", "grpc-message": "full"], isEnd: true)
    }
    #expect(status == Status(.resourceExhausted, "full"))
  }

  @Test func noStatusAnywhere() throws {
    let noTrailers = try RawServer().status { stream, session in
      session.respond(stream, Self.grpc, isEnd: false)
      session.finish(stream)
    }
    #expect(noTrailers?.code == .internalError)
    let emptyTrailers = try RawServer().status { stream, session in
      session.respond(stream, Self.grpc, isEnd: false)
      session.finish(stream, trailers: ["x": "y"])
    }
    #expect(emptyTrailers?.code == .unknown)
    let headersAlone = try RawServer().status { stream, session in
      session.respond(stream, Self.grpc, isEnd: true)
    }
    #expect(headersAlone?.code == .unknown)
    let html = try RawServer().status { stream, session in
      session.respond(stream, [":status": "200", "content-type": "text/html"], isEnd: false)
    }
    #expect(
      html == Status(.unknown, "the server answered with content-type \"text/html\", not application/grpc"))
  }

  static let bodies: [(String, [UInt8], StatusCode)] = [
    ("compressed", framed("a", flag: 1), .internalError),
    ("too large", framed("a", length: 5 << 20), .resourceExhausted),
    ("cut", framed("a", length: 2), .internalError),
  ]

  @Test(arguments: bodies)
  func body(_ name: String, _ body: [UInt8], _ code: StatusCode) throws {
    let server = RawServer()
    let status = try server.status { stream, session in
      session.respond(stream, Self.grpc, isEnd: false)
      _ = session.write(stream) { $0 += body }
      session.finish(stream, trailers: ["grpc-status": "0"])
    }
    #expect(status?.code == code, "\(name)")
    #expect(server.client.openCallCount == 0)
  }

  @Test(arguments: [0, 1, 2])
  func unaryTakesOneMessage(_ count: Int) throws {
    let server = RawServer()
    server.onRequest = { stream, session in
      session.respond(stream, Self.grpc, isEnd: false)
      for _ in 0..<count { _ = session.write(stream) { $0 += framed("a") } }
      session.finish(stream, trailers: ["grpc-status": "0"])
    }
    var results: [Result<Text, Status>] = []
    try server.client.unary(Echo.unary, "x") { result, _ in results.append(result) }
    server.pump()
    #expect(results.count == 1)
    switch results.first {
    case .success(let text): #expect(count == 1 && text == "a")
    case .failure(let status): #expect(count != 1 && status.code == .unimplemented)
    case nil: Issue.record("no end")
    }
  }

  @Test func anEarlyAnswerFreesTheStream() throws {
    let server = RawServer()
    let status = try server.status { stream, session in
      session.respond(stream, [":status": "200", "grpc-status": "8"], isEnd: true)
    }
    #expect(status?.code == .resourceExhausted)
    #expect(server.closed == [1: .noError])
  }

  @Test func informationalAnswersAreSkipped() throws {
    // 103 Early Hints, then the answer.
    let server = RawServer()
    let recorder = Recorder()
    let call = try server.client.start("/a/b", handler: recorder)
    call.halfClose()
    server.pump()
    let frames: [UInt8] = [0, 0, 5, 1, 4, 0, 0, 0, 1, 0x08, 0x03] + Array("103".utf8)
    frames.withUnsafeBytes { server.client.receive($0, at: server.now) }
    #expect(recorder.status == nil)
    server.session.respond(server.requests[0].stream, Self.grpc, isEnd: false)
    server.session.finish(server.requests[0].stream, trailers: ["grpc-status": "0"])
    server.pump()
    #expect(recorder.status == .ok)
  }
}
