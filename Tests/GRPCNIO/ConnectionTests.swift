import GRPC
import Glibc
import NIOCore
import Synchronization
import Testing

@testable import GRPCNIO

@Suite struct ConnectionTests {
  @Test func clientCloseIsGraceful() async throws {
    let log = PeerLog()
    let server = try await Loopback.server(log)
    let client = try await Loopback.client(server)
    #expect(try await client.unary(Peer.unary, "hello") == "hello")
    await client.close()
    #expect(!client.isConnected)
    let late = await status { _ = try await client.unary(Peer.unary, "late") }
    #expect(late.code == .unavailable)
    await server.drain(timeout: .seconds(5))
    #expect(server.counters.aborted == 0)
  }

  @Test func drainLetsOpenCallsEnd() async throws {
    let server = try await Loopback.server()
    let client = try await Loopback.client(server)
    let call = try await client.bidirectional(Peer.chat)
    var responses = call.responses.makeAsyncIterator()
    try await call.send("before")
    #expect(try await responses.next() == "before")
    async let drained: Void = server.drain(timeout: .seconds(20))
    while await status(of: { _ = try await client.unary(Peer.unary, "new") }).isOK {}
    try await call.send("during")
    #expect(try await responses.next() == "during")
    call.finishRequests()
    #expect(try await responses.next() == nil)
    await drained
    #expect(server.connectionCount == 0)
    #expect(server.counters.aborted == 0)
    let refused = await status { _ = try await Loopback.client(server) }
    #expect(refused.code == .unavailable)
    #expect(refused.message.contains("127.0.0.1:\(server.port)"))
    #expect(refused.message.contains("connection refused"))
  }

  @Test func drainCutsOffWhatTakesTooLong() async throws {
    let log = PeerLog()
    let server = try await Loopback.server(log)
    let client = try await Loopback.client(server)
    var responses = try await client.serverStreaming(Peer.hang, "").makeAsyncIterator()
    #expect(try await responses.next() == "started")
    await server.drain(timeout: .milliseconds(100))
    let ending = await status { _ = try await responses.next() }
    #expect(ending.code == .unavailable)
    await log.ended(1)
    #expect(log.ends == [.connectionLost])
    #expect(server.counters.aborted == 1)
  }

  @Test func connectionKilledByTheClientMidCall() async throws {
    let log = PeerLog()
    let server = try await Loopback.server(log)
    let client = try await Loopback.client(server)
    var responses = try await client.serverStreaming(Peer.hang, "").makeAsyncIterator()
    #expect(try await responses.next() == "started")
    try await client.channel.close()
    let ending = await status { _ = try await responses.next() }
    #expect(ending.code == .unavailable)
    await log.ended(1)
    #expect(log.ends == [.connectionLost])
    await server.drain(timeout: .seconds(5))
  }

  @Test func connectionLimit() async throws {
    raiseDescriptorLimit()
    var transport = ServerTransport()
    transport.connectionsMaximum = 500
    let server = try await Loopback.server(transport: transport)
    let clients = try await withThrowingTaskGroup(of: GRPCClient.self) { group in
      for _ in 0..<500 { group.addTask { try await Loopback.client(server) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(server.connectionCount == 500)
    let refused = await status { _ = try await Loopback.client(server) }
    #expect(refused.code == .unavailable)
    #expect(server.counters.refusedOverLimit == 1)
    try await withThrowingTaskGroup(of: Bytes.self) { group in
      for client in clients { group.addTask { try await client.unary(Peer.unary, "hello") } }
      for try await answer in group { #expect(answer == "hello") }
    }
    await server.drain(timeout: .seconds(20))
    #expect(server.connectionCount == 0)
    #expect(server.counters.opened == 500)
  }

  @Test func aSilentConnectionIsClosed() async throws {
    var transport = ServerTransport()
    transport.openingTimeout = .milliseconds(50)
    let server = try await Loopback.server(transport: transport)
    for opening in ["", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
      let socket = try await RawSocket(port: server.port)
      // On a loaded machine the time may be up before this is written: then it was too late as well.
      if !opening.isEmpty { try? await socket.write(opening) }
      try await socket.closed()
    }
    #expect(server.counters.timedOut == 2)
    await server.drain(timeout: .seconds(5))
  }

  @Test func aPeerThatSpeaksSomethingElseIsClosed() async throws {
    let server = try await Loopback.server()
    let socket = try await RawSocket(port: server.port)
    try await socket.write("GET / HTTP/1.1\r\nHost: muster\r\nAccept: text/html\r\n\r\n")
    try await socket.closed()
    // The peer's end may see it before the books are written.
    await server.drain(timeout: .seconds(5))
    #expect(server.counters.abandoned == 1)
  }

  @Test func agedConnectionsAreDrained() async throws {
    var transport = ServerTransport()
    transport.connectionAgeMaximum = .seconds(1)
    transport.connectionAgeGrace = .milliseconds(50)
    let log = PeerLog()
    let server = try await Loopback.server(log, transport: transport)
    let idle = try await Loopback.client(server)
    await idle.closed()
    let busy = try await Loopback.client(server)
    // On a loaded machine its time may be up before the call begins.
    let ending = await status {
      for try await _ in try await busy.serverStreaming(Peer.hang, "") {}
    }
    #expect(ending.code == .unavailable)
    await server.drain(timeout: .seconds(5))
  }

  @Test func jitterSpreadsTheAge() {
    var transport = ServerTransport()
    #expect(transport.age(0.5) == nil)
    transport.connectionAgeMaximum = .seconds(100)
    transport.connectionAgeJitter = 0.2
    #expect(transport.age(0) == .seconds(80))
    #expect(transport.age(0.5) == .seconds(100))
    #expect((transport.age(0.999) ?? .zero) < .seconds(120))
  }

  @Test func anAddressInUse() async throws {
    let server = try await Loopback.server()
    let refused = await status {
      _ = try await GRPCServer.start(
        on: Loopback.group, address: ListenAddress(host: "127.0.0.1", port: server.port), router: Router(),
        logger: quietLogger)
    }
    #expect(
      refused == Status(.unavailable, "cannot listen on 127.0.0.1:\(server.port): address already in use"))
    await server.drain(timeout: .seconds(5))
  }

  @Test func codeOnOtherThreadsHopsToTheLoop() async throws {
    var router = Router()
    router.serverStreaming(Peer.expand) { request, stream in
      let remote = LoopBound(stream, on: stream.call.connection.executor)
      Task.detached { remote.execute { $0.finish(with: request) } }
    }
    let server = try await GRPCServer.start(
      on: Loopback.group, address: ListenAddress(host: "127.0.0.1", port: 0), router: router,
      logger: quietLogger)
    let client = try await Loopback.client(server)
    #expect(try await client.unary(Peer.expand, "hop") == "hop")
    await client.close()
    await server.drain(timeout: .seconds(5))
  }

  @Test func aClosedConnectionIsFreed() async throws {
    let (freed, free) = AsyncStream.makeStream(of: Void.self)
    var router = Router()
    router.unary(Peer.unary) { request, call in
      call.connection.attachment = Canary { free.yield() }
      return request
    }
    let server = try await GRPCServer.start(
      on: Loopback.group, address: ListenAddress(host: "127.0.0.1", port: 0), router: router,
      logger: quietLogger)
    let client = try await Loopback.client(server)
    #expect(try await client.unary(Peer.unary, "hello") == "hello")
    await client.close()
    for await _ in freed { break }
    await server.drain(timeout: .seconds(5))
  }

  @Test func aDroppedClientClosesItsConnection() async throws {
    let server = try await Loopback.server()
    do {
      let client = try await Loopback.client(server)
      #expect(try await client.unary(Peer.unary, "hello") == "hello")
    }
    await server.drain(timeout: .seconds(20))
    #expect(server.counters.aborted == 0)
  }

  private final class Canary {
    private let freed: () -> Void
    init(freed: @escaping () -> Void) { self.freed = freed }
    deinit { freed() }
  }

  private func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 8192)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

@Suite struct ConnectTests {
  /// Why it could not be connected to.
  private func connect(_ host: String, _ port: Int, timeout: Duration = .seconds(10)) async -> Status {
    await status {
      _ = try await GRPCClient.connect(
        to: Target(host: host, port: port), group: Loopback.group, timeout: timeout)
    }
  }

  @Test func refused() async throws {
    let server = try await RawServer()
    let port = server.port
    try await server.close()
    let reason = await connect("127.0.0.1", port)
    #expect(reason == Status(.unavailable, "127.0.0.1:\(port): connection refused"))
  }

  @Test func unknownName() async {
    let name = "no-such-host.invalid"
    let reason = await connect(name, 1)
    #expect(reason == Status(.unavailable, "\(name):1: the name \"\(name)\" cannot be resolved"))
  }

  @Test func silentServer() async throws {
    let server = try await RawServer()
    let reason = await connect("127.0.0.1", server.port, timeout: .milliseconds(300))
    #expect(reason.code == .unavailable)
    #expect(reason.message.hasPrefix("127.0.0.1:\(server.port): timed out "))
    try await server.close()
  }

  @Test func notHTTP2() async throws {
    let server = try await RawServer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n")
    let reason = await connect("127.0.0.1", server.port)
    #expect(
      reason == Status(.unavailable, "127.0.0.1:\(server.port): the peer does not speak HTTP/2"))
    try await server.close()
  }

  @Test func cancelled() async throws {
    let server = try await RawServer()
    let connecting = Task { await connect("127.0.0.1", server.port) }
    connecting.cancel()
    #expect(await connecting.value.code == .cancelled)
    try await server.close()
  }
}
