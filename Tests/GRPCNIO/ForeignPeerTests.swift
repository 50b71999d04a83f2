import GRPC
import Gzip
import NIOCore
import Synchronization
import Testing

@testable import GRPCNIO

/// Python's grpcio as the client of our server. The checks are in Tests/Foreign/peer_client.py.
@Suite(.serialized) struct ForeignClientTests {
  private static let checks = [
    "four_kinds", "metadata", "compression", "failure", "unimplemented", "deadline", "cancellation", "limits",
    "many_at_once",
    "back_pressure", "slow_server", "drain",
  ].map { "ok \($0)" }

  @Test func plaintext() async throws {
    try await check(tls: nil, arguments: { ["127.0.0.1:\($0)"] })
  }

  @Test func tls() async throws {
    let certificates = try Certificates()
    let tls = ServerTLS(
      certificateFile: certificates.file("server.pem"), keyFile: certificates.file("server.key"))
    try await check(tls: tls, arguments: { ["localhost:\($0)", "--ca", certificates.file("ca.pem")] })
  }

  private func check(tls: ServerTLS?, arguments: (Int) -> [String]) async throws {
    let log = PeerLog()
    var configuration = ServerConfiguration()
    configuration.codecs = [.gzip]
    let server = try await Loopback.server(log, tls: tls, configuration: configuration)
    let (drains, drain) = AsyncStream.makeStream(of: Void.self)
    log.onDrain.withLock { $0 = { drain.yield() } }
    let draining = Task {
      for await _ in drains { return await server.drain(timeout: .seconds(300)) }
    }
    let client = try ForeignProcess("peer_client.py", arguments(server.port))
    let (lines, status) = await client.finished()
    #expect(lines == Self.checks)
    #expect(status == 0)
    drain.finish()
    await draining.value
    #expect(server.connectionCount == 0)
  }

  @Test func killedMidCall() async throws {
    let log = PeerLog()
    let server = try await Loopback.server(log)
    let client = try ForeignProcess("peer_hanger.py", ["127.0.0.1:\(server.port)"])
    #expect(await client.line(after: "hanging") == "")
    client.kill()
    await log.ended(1)
    #expect(log.ends == [.connectionLost])
    await server.drain(timeout: .seconds(5))
  }
}

/// Python's grpcio as the server of our client: Tests/Foreign/peer_server.py.
@Suite(.serialized) struct ForeignServerTests {
  private func run(
    _ arguments: [String] = [], tls: ClientTLS? = nil, host: String = "127.0.0.1",
    _ body: (GRPCClient, ForeignProcess) async throws -> Void
  ) async throws {
    let server = try ForeignProcess("peer_server.py", arguments)
    let port = await server.line(after: "port ").flatMap { Int($0) }
    var configuration = ClientConfiguration()
    configuration.codecs = [.gzip]
    let client = try await GRPCClient.connect(
      to: Target(host: host, port: try #require(port)), tls: tls, group: Loopback.group,
      configuration: configuration)
    do {
      try await body(client, server)
      await client.close()
    } catch {
      server.kill()
      throw error
    }
    #expect(await server.stop() == 0)
  }

  private func fourKinds(_ client: GRPCClient) async throws {
    #expect(try await client.unary(Peer.unary, "hello") == "hello")
    #expect(try await client.unary(Peer.unary, "") == "")
    var numbers: [Int] = []
    for try await message in try await client.serverStreaming(Peer.expand, "1000 600") {
      numbers.append(message.number)
    }
    #expect(numbers == Array(0..<1000))
    let collecting = try await client.clientStreaming(Peer.collect)
    for number in 0..<1000 { try await collecting.send(Bytes(number: number, size: 100)) }
    #expect(try await collecting.response() == "1000 100000")
    let chat = try await client.bidirectional(Peer.chat)
    var answers = chat.responses.makeAsyncIterator()
    for number in 0..<200 {
      try await chat.send(Bytes("\(number)"))
      #expect(try await answers.next()?.text == "\(number)")
    }
    chat.finishRequests()
    #expect(try await answers.next() == nil)
  }

  @Test func fourKindsInPlaintext() async throws {
    try await run { client, _ in try await fourKinds(client) }
  }

  @Test func fourKindsCompressed() async throws {
    try await run(["--gzip"]) { client, _ in try await fourKinds(client) }
  }

  @Test func fourKindsInTLS() async throws {
    let files = try Certificates()
    let tls = ClientTLS(trust: .authorities(file: files.file("ca.pem")))
    try await run(
      ["--certificate", files.file("server.pem"), "--key", files.file("server.key")], tls: tls,
      host: "localhost"
    ) { client, _ in try await fourKinds(client) }
  }

  @Test func metadata() async throws {
    try await run { client, _ in
      var metadata: Metadata = ["x-text": "plain"]
      metadata.addBinary("x-some-bin", [0, 1, 0xfe, 0xff])
      metadata.add("x-text", "twice")
      let call = try await client.bidirectional(Peer.chat, metadata: metadata)
      call.finishRequests()
      for try await _ in call.responses {}
      let headers = await call.responses.headers()
      #expect(headers.all("x-text") == ["plain", "twice"])
      #expect(headers.binary("x-some-bin") == [[0, 1, 0xfe, 0xff]])
      let trailers = try #require(call.responses.trailers)
      #expect(trailers.all("x-text-trailer") == ["plain", "twice"])
      #expect(trailers.binary("x-some-trailer-bin") == [[0, 1, 0xfe, 0xff]])
    }
  }

  @Test func failures() async throws {
    try await run { client, _ in
      let stream = try await client.serverStreaming(Peer.fail, "5 kein Gerät: 100% 日本")
      let ending = await status { for try await _ in stream {} }
      #expect(ending == Status(.notFound, "kein Gerät: 100% 日本"))
      #expect(stream.trailers?.first("x-why") == "asked")
      #expect(stream.trailers?.binary("x-why-bin") == [[0, 0xff]])
      for code in StatusCode.allCases where code != .ok {
        let failure = await status { _ = try await client.unary(Peer.fail, Bytes("\(code.rawValue) said")) }
        #expect(failure == Status(code, "said"))
      }
      let unknown = await status { _ = try await client.unary(Peer.nothing, "") }
      #expect(unknown.code == .unimplemented)
    }
  }

  @Test func deadlineAndCancellation() async throws {
    try await run { client, _ in
      let left = try await client.unary(Peer.remaining, "", timeout: .seconds(20))
      #expect((15_000...20_000).contains(left.numbers.first ?? 0))
      #expect(try await client.unary(Peer.remaining, "") == "none")
      let late = await status {
        for try await _ in try await client.serverStreaming(Peer.hang, "", timeout: .milliseconds(100)) {}
      }
      #expect(late.code == .deadlineExceeded)
    }
    try await run { client, _ in
      let stream = try await client.serverStreaming(Peer.hang, "")
      let ending = await status { for try await _ in stream { stream.cancel() } }
      #expect(ending.code == .cancelled)
      #expect(try await client.unary(Peer.control, "was-cancelled") == "yes")
    }
  }

  @Test func limits() async throws {
    try await run { client, _ in
      let big = Bytes(number: 7, size: 3 << 20)
      let echo = try await client.unary(Peer.unary, big)
      #expect(echo == big)
      let tooBigForUs = await status { _ = try await client.unary(Peer.expand, "1 5242880") }
      #expect(tooBigForUs.code == .resourceExhausted)
      let tooBigForIt = await status {
        _ = try await client.unary(Peer.unary, Bytes(number: 0, size: 5 << 20))
      }
      #expect(tooBigForIt.code == .resourceExhausted)
      #expect(try await client.unary(Peer.unary, "still here") == "still here")
    }
  }

  @Test func backPressure() async throws {
    try await run { client, _ in
      let stream = try await client.serverStreaming(Peer.expand, "4096 16384")
      var reader = stream.makeAsyncIterator()
      #expect(try await reader.next()?.number == 0)
      for _ in 0..<200 { _ = try await client.unary(Peer.unary, "other calls go on") }
      for number in 1..<4096 { #expect(try await reader.next()?.number == number) }
      #expect(try await reader.next() == nil)
      let window = ConnectionLimits().initialStreamWindowBytes
      #expect(stream.bufferedBytesPeak <= MessageInbox.pauseAtBytes + window + 16384)
    }
  }

  @Test func slowServer() async throws {
    try await run { client, _ in
      let sent = Atomic(0)
      let call = try await client.clientStreaming(Peer.slow)
      async let writing: Void = {
        for number in 0..<4096 {
          try await call.send(Bytes(number: number, size: 16384))
          sent.add(1, ordering: .relaxed)
        }
      }()
      var before = -1
      while sent.load(ordering: .relaxed) == 0 || sent.load(ordering: .relaxed) != before {
        before = sent.load(ordering: .relaxed)
        for _ in 0..<50 { _ = try await client.unary(Peer.unary, "other calls go on") }
      }
      #expect(before < 2048)
      _ = try await client.unary(Peer.control, "release")
      try await writing
      #expect(try await call.response() == "4096")
    }
  }

  @Test func goAwayLetsOpenCallsEnd() async throws {
    try await run { client, _ in
      let chat = try await client.bidirectional(Peer.chat)
      var answers = chat.responses.makeAsyncIterator()
      try await chat.send("before")
      #expect(try await answers.next() == "before")
      #expect(try await client.unary(Peer.control, "stop") == "ok")
      var ending = Status.ok
      while ending.isOK { ending = await status { _ = try await client.unary(Peer.unary, "new") } }
      // What reaches grpcio between its GOAWAY and ours is cancelled.
      #expect([.unavailable, .cancelled].contains(ending.code))
      try await chat.send("during")
      #expect(try await answers.next() == "during")
      chat.finishRequests()
      #expect(try await answers.next() == nil)
      await client.closed()
    }
  }

  @Test func serverKilledMidCall() async throws {
    let server = try ForeignProcess("peer_server.py", [])
    let port = await server.line(after: "port ").flatMap { Int($0) }
    let client = try await GRPCClient.connect(
      to: Target(host: "127.0.0.1", port: try #require(port)), group: Loopback.group)
    var answers = try await client.serverStreaming(Peer.hang, "").makeAsyncIterator()
    #expect(try await answers.next() == "started")
    server.kill()
    let ending = await status { _ = try await answers.next() }
    #expect(ending.code == .unavailable)
    await client.closed()
  }
}
