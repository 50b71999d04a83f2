import GRPC
import Gzip
import InteropService

/// A case that did not go as it should.
struct CaseFailure: Error, CustomStringConvertible {
  let description: String
}

/// The standard cases (grpc/grpc doc/interop-test-descriptions.md), by name.
struct Cases {
  /// How long each call of a case may take.
  static let callTimeout = Duration.seconds(15)

  static let all: [(name: String, run: @Sendable (Cases) async throws -> Void)] = [
    ("empty_unary", { try await $0.emptyUnary() }),
    ("large_unary", { try await $0.largeUnary() }),
    ("client_compressed_unary", { try await $0.clientCompressedUnary() }),
    ("server_compressed_unary", { try await $0.serverCompressedUnary() }),
    ("client_streaming", { try await $0.clientStreaming() }),
    ("client_compressed_streaming", { try await $0.clientCompressedStreaming() }),
    ("server_streaming", { try await $0.serverStreaming() }),
    ("server_compressed_streaming", { try await $0.serverCompressedStreaming() }),
    ("ping_pong", { try await $0.pingPong() }),
    ("empty_stream", { try await $0.emptyStream() }),
    ("custom_metadata", { try await $0.customMetadata() }),
    ("status_code_and_message", { try await $0.status(.unknown, "test status message") }),
    ("special_status_message", { try await $0.specialStatusMessage() }),
    ("unimplemented_method", { try await $0.unimplemented(TestService.unimplementedCall) }),
    ("unimplemented_service", { try await $0.unimplemented(TestService.unimplementedService) }),
    ("cancel_after_begin", { try await $0.cancelAfterBegin() }),
    ("cancel_after_first_response", { try await $0.cancelAfterFirstResponse() }),
    ("timeout_on_sleeping_server", { try await $0.timeoutOnSleepingServer() }),
  ]

  let caller: any Caller

  // MARK: What cases are made of

  func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) throws {
    if !isTrue { throw CaseFailure(description: what()) }
  }

  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, codec: MessageCodec? = nil
  ) async throws -> Response {
    try await caller.unary(method, request, timeout: Self.callTimeout, codec: codec)
  }

  func open<Request, Response>(
    _ method: Method<Request, Response>, metadata: Metadata = [:], timeout: Duration = callTimeout,
    codec: MessageCodec? = nil
  ) async throws -> any Conversation<Request, Response> {
    try await caller.open(method, metadata: metadata, timeout: timeout, codec: codec)
  }

  /// The status that `body` ends with.
  func expectStatus(
    _ code: StatusCode, _ message: String? = nil, of what: String, _ body: () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch let status as Status {
      try expect(status.code == code, "\(what): \(code) expected, \(status) came")
      if let message { try expect(status.message == message, "\(what): message \"\(status.message)\"") }
      return
    }
    throw CaseFailure(description: "\(what): \(code) expected, OK came")
  }

  func expectZeros(_ response: PayloadResponse?, _ count: Int, _ what: String) throws {
    let body = response?.payload?.body ?? []
    try expect(body.count == count, "\(what): a payload of \(count) bytes expected, of \(body.count) came")
    try expect(body.allSatisfy { $0 == 0 }, "\(what): the payload is not all zeros")
  }

  func expectCompressed(_ call: some Conversation, _ isCompressed: Bool, _ what: String) throws {
    try expect(
      call.wasCompressed == isCompressed,
      "\(what): the response was \(call.wasCompressed ? "" : "not ")compressed")
  }
}

// MARK: - Unary

extension Cases {
  private static let largeRequest = SimpleRequest(responseSize: 314159, payload: Payload(zeros: 271828))

  private func emptyUnary() async throws {
    _ = try await unary(TestService.emptyCall, Empty())
  }

  private func largeUnary() async throws {
    try expectZeros(try await unary(TestService.unaryCall, Self.largeRequest), 314159, "response")
  }

  private func clientCompressedUnary() async throws {
    var request = Self.largeRequest
    request.expectCompressed = BoolValue(true)
    try await expectStatus(.invalidArgument, of: "the probe, which is not compressed") {
      _ = try await unary(TestService.unaryCall, request)
    }
    try expectZeros(try await unary(TestService.unaryCall, request, codec: .gzip), 314159, "compressed")
    request.expectCompressed = BoolValue(false)
    try expectZeros(try await unary(TestService.unaryCall, request), 314159, "not compressed")
  }

  private func serverCompressedUnary() async throws {
    for isCompressed in [true, false] {
      var request = Self.largeRequest
      request.responseCompressed = BoolValue(isCompressed)
      let call = try await open(TestService.unaryCall)
      try await call.send(request)
      call.finish()
      try expectZeros(try await call.next(), 314159, "response")
      try expectCompressed(call, isCompressed, "response_compressed \(isCompressed)")
      try expect(try await call.next() == nil, "a second response came")
    }
  }
}

// MARK: - Streams

extension Cases {
  private func clientStreaming() async throws {
    let call = try await open(TestService.streamingInputCall)
    for size in [27182, 8, 1828, 45904] { try await call.send(StreamingInputRequest(Payload(zeros: size))) }
    call.finish()
    try expectSize(try await call.rest(), 74922)
  }

  private func clientCompressedStreaming() async throws {
    let first = StreamingInputRequest(Payload(zeros: 27182), expectCompressed: BoolValue(true))
    try await expectStatus(.invalidArgument, of: "the probe, which is not compressed") {
      let probe = try await open(TestService.streamingInputCall)
      try await probe.send(first)
      probe.finish()
      _ = try await probe.rest()
    }
    let call = try await open(TestService.streamingInputCall, codec: .gzip)
    try await call.send(first)
    let second = StreamingInputRequest(Payload(zeros: 45904), expectCompressed: BoolValue(false))
    try await call.send(second, compressed: false)
    call.finish()
    try expectSize(try await call.rest(), 73086)
  }

  private func expectSize(_ responses: [StreamingInputResponse], _ size: Int) throws {
    try expect(
      responses == [StreamingInputResponse(aggregatedPayloadSize: size)],
      "an aggregated size of \(size) expected, \(responses) came")
  }

  private func serverStreaming() async throws {
    let sizes = [31415, 9, 2653, 58979]
    let call = try await open(TestService.streamingOutputCall)
    try await call.send(StreamingOutputRequest(sizes.map { ResponseParameters(size: $0) }))
    call.finish()
    for size in sizes { try expectZeros(try await call.next(), size, "response") }
    try expect(try await call.next() == nil, "a fifth response came")
  }

  private func serverCompressedStreaming() async throws {
    let wanted = [(31415, true), (92653, false)]
    let call = try await open(TestService.streamingOutputCall)
    try await call.send(
      StreamingOutputRequest(wanted.map { ResponseParameters(size: $0, compressed: BoolValue($1)) }))
    call.finish()
    for (size, isCompressed) in wanted {
      try expectZeros(try await call.next(), size, "response")
      try expectCompressed(call, isCompressed, "compressed \(isCompressed)")
    }
    try expect(try await call.next() == nil, "a third response came")
  }

  private func pingPong() async throws {
    let call = try await open(TestService.fullDuplexCall)
    for (asked, sent) in [(31415, 27182), (9, 8), (2653, 1828), (58979, 45904)] {
      try await call.send(
        StreamingOutputRequest([ResponseParameters(size: asked)], payload: Payload(zeros: sent)))
      try expectZeros(try await call.next(), asked, "response")
    }
    call.finish()
    try expect(try await call.next() == nil, "a fifth response came")
  }

  private func emptyStream() async throws {
    let call = try await open(TestService.fullDuplexCall)
    call.finish()
    try expect(try await call.rest().isEmpty, "a response came to no request")
  }
}

// MARK: - Metadata and statuses

extension Cases {
  private func customMetadata() async throws {
    var metadata: Metadata = ["x-grpc-test-echo-initial": "test_initial_metadata_value"]
    metadata.addBinary("x-grpc-test-echo-trailing-bin", [0xab, 0xab, 0xab])

    let single = try await open(TestService.unaryCall, metadata: metadata)
    try await single.send(Self.largeRequest)
    single.finish()
    try expectZeros(try await single.next(), 314159, "unary")
    try await expectEcho(single, "unary")

    let stream = try await open(TestService.fullDuplexCall, metadata: metadata)
    try await stream.send(
      StreamingOutputRequest([ResponseParameters(size: 314159)], payload: Payload(zeros: 271828)))
    stream.finish()
    try expectZeros(try await stream.next(), 314159, "full duplex")
    try await expectEcho(stream, "full duplex")
  }

  private func expectEcho(_ call: some Conversation, _ what: String) async throws {
    try expect(try await call.rest().isEmpty, "\(what): a second response came")
    let headers = try await call.headers().all("x-grpc-test-echo-initial")
    try expect(headers == ["test_initial_metadata_value"], "\(what): headers \(headers)")
    let trailers = call.trailers?.binary("x-grpc-test-echo-trailing-bin") ?? []
    try expect(trailers == [[0xab, 0xab, 0xab]], "\(what): trailers \(trailers)")
  }

  private func status(_ code: StatusCode, _ message: String) async throws {
    let echo = EchoStatus(code, message)
    try await expectStatus(code, message, of: "unary") {
      var request = SimpleRequest()
      request.responseStatus = echo
      _ = try await unary(TestService.unaryCall, request)
    }
    try await expectStatus(code, message, of: "full duplex") {
      let call = try await open(TestService.fullDuplexCall)
      try await call.send(StreamingOutputRequest(status: echo))
      call.finish()
      _ = try await call.rest()
    }
  }

  private func specialStatusMessage() async throws {
    let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    try await expectStatus(.unknown, message, of: "unary") {
      var request = SimpleRequest()
      request.responseStatus = EchoStatus(.unknown, message)
      _ = try await unary(TestService.unaryCall, request)
    }
  }

  private func unimplemented(_ method: Method<Empty, Empty>) async throws {
    try await expectStatus(.unimplemented, of: method.path) { _ = try await unary(method, Empty()) }
  }

  private func cancelAfterBegin() async throws {
    try await expectStatus(.cancelled, of: "the cancelled call") {
      let call = try await open(TestService.streamingInputCall)
      call.cancel()
      _ = try await call.rest()
    }
  }

  private func cancelAfterFirstResponse() async throws {
    let call = try await open(TestService.fullDuplexCall)
    try await call.send(
      StreamingOutputRequest([ResponseParameters(size: 31415)], payload: Payload(zeros: 27182)))
    try expectZeros(try await call.next(), 31415, "response")
    call.cancel()
    try await expectStatus(.cancelled, of: "the cancelled call") { _ = try await call.rest() }
  }

  private func timeoutOnSleepingServer() async throws {
    try await expectStatus(.deadlineExceeded, of: "a call of 1 ms") {
      let call = try await open(TestService.fullDuplexCall, timeout: .milliseconds(1))
      try await call.send(StreamingOutputRequest(payload: Payload(zeros: 27182)))
      _ = try await call.rest()
    }
  }
}
