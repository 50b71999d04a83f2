import GRPC
import HTTP2
import Testing

@Suite struct ConnectionTests {
  @Test func drainWaitsForTheLastCall() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    pipe.server.drain(at: pipe.now)
    pipe.pump()
    #expect(!pipe.client.acceptsCalls)
    #expect(!pipe.server.isFinished)
    #expect(throws: Status.self) { try pipe.call(Echo.raw, []) }
    handlers.last.call?.finish(.ok)
    pipe.pump()
    #expect(recorder.status == .ok)
    #expect(pipe.server.isFinished)
    #expect(pipe.client.isFinished)
  }

  @Test func aCallOnItsWayDuringTheNoticeIsServed() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    pipe.pump()
    pipe.holdsServer = true
    pipe.server.drain(at: pipe.now)
    let (_, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    #expect(handlers.all.count == 1)
    pipe.holdsServer = false
    pipe.pump()
    handlers.last.call?.finish(.ok)
    pipe.pump()
    #expect(recorder.status == .ok)
    #expect(pipe.server.isFinished)
  }

  @Test func drainDoesNotWaitLongForThePing() throws {
    let pipe = Pipe(.recording(Handlers()))
    pipe.pump()
    pipe.holdsClient = true
    pipe.server.drain(at: pipe.now)
    pipe.pump()
    #expect(!pipe.server.isFinished)
    #expect(pipe.server.nextDeadline == pipe.now + .seconds(1))
    pipe.advance(.seconds(1))
    #expect(pipe.server.isFinished)
  }

  @Test func callsAboveTheLastStreamAreUnavailable() throws {
    let pipe = Pipe(.recording(Handlers()))
    pipe.pump()
    pipe.server.drain(at: pipe.now)
    pipe.now += .seconds(1)
    pipe.server.tick(at: pipe.now)
    // The server has said its last word; a call started before the client hears it is never looked at.
    pipe.holdsServer = true
    var goodbye: [UInt8] = []
    while pipe.server.takeOutput({ goodbye += $0 }) {}
    let (_, recorder) = try pipe.call(Echo.raw, ["a"])
    pipe.pump()
    pipe.deliver(goodbye, pipe.client)
    #expect(recorder.status == Status(.unavailable, "the server is going away (NO_ERROR)"))
    #expect(recorder.endCount == 1)
  }

  @Test func keepaliveNoticesADeadServer() throws {
    let pipe = Pipe(.recording(Handlers()))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    pipe.advance(.seconds(30))
    #expect(pipe.client.counters.keepalivesSent == 1)
    #expect(recorder.status == nil, "the server answered")
    pipe.holdsServer = true
    pipe.advance(.seconds(30))
    #expect(pipe.client.counters.keepalivesSent == 2)
    #expect(pipe.client.nextDeadline == pipe.now + .seconds(20))
    pipe.advance(.seconds(20))
    #expect(recorder.status == Status(.unavailable, "the server does not answer (keepalive timed out)"))
    #expect(pipe.client.isFinished)
    #expect(!pipe.client.acceptsCalls)
    #expect(pipe.client.counters.keepalivesTimedOut == 1)
  }

  @Test func keepaliveRestsWithoutCalls() throws {
    let pipe = Pipe(.recording(Handlers()))
    pipe.pump()
    #expect(pipe.client.nextDeadline == nil)
    pipe.now += .seconds(1000)
    try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    pipe.client.tick(at: pipe.now)
    #expect(pipe.client.counters.keepalivesSent == 0, "silence before the call means nothing")
    #expect(pipe.client.nextDeadline == pipe.now + .seconds(30))
  }

  @Test func serverKeepalive() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    pipe.holdsClient = true
    pipe.now += .seconds(120)
    pipe.server.tick(at: pipe.now)
    pipe.now += .seconds(20)
    pipe.server.tick(at: pipe.now)
    #expect(handlers.last.ends == [.connectionLost])
    #expect(pipe.server.isFinished)
  }

  @Test func violationsFinishTheConnection() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    // DATA on stream 0, at both.
    pipe.deliver([0, 0, 1, 0, 0, 0, 0, 0, 0, 0], pipe.client)
    pipe.deliver([0, 0, 1, 0, 0, 0, 0, 0, 0, 0], pipe.server)
    while pipe.client.takeOutput({ _ in }) {}
    while pipe.server.takeOutput({ _ in }) {}
    #expect(recorder.status?.code == .unavailable)
    #expect(handlers.last.ends == [.connectionLost])
    #expect(pipe.client.isFinished && pipe.server.isFinished)
    #expect(pipe.client.counters.protocolViolations == 1)
    #expect(pipe.server.counters.protocolViolations == 1)
  }

  @Test func closing() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    var flushes = 0
    pipe.client.onOutputReady = { flushes += 1 }
    pipe.client.close()
    #expect(flushes == 1)
    #expect(recorder.status?.code == .cancelled)
    #expect(pipe.client.isFinished)
    pipe.pump()
    pipe.server.close()
    #expect(handlers.last.ends.count == 1)
    #expect(pipe.server.isFinished)
  }

  @Test func outputIsAnnouncedOnce() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (call, _) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    var client = 0
    var server = 0
    pipe.client.onOutputReady = { client += 1 }
    pipe.server.onOutputReady = { server += 1 }
    handlers.last.onMessage = { call, _ in call.send(Text("inside")) }
    call.send(Text("b"))
    call.send(Text("c"))
    #expect(client == 1)
    pipe.pump()
    #expect(server == 0, "inside receive the driver is there anyway")
    handlers.last.call?.send(Text("outside"))
    handlers.last.call?.send(Text("outside"))
    #expect(server == 1)
    call.halfClose()
    #expect(client == 2)
  }

  @Test func tooManyCalls() throws {
    var configuration = ClientConfiguration()
    configuration.maximumOpenCalls = 3
    let pipe = Pipe(.recording(Handlers()), client: configuration)
    let calls = try (0..<3).map { _ in try pipe.call(Echo.raw, []) }
    #expect { try pipe.call(Echo.raw, []) } throws: { ($0 as? Status)?.code == .resourceExhausted }
    #expect(pipe.client.counters.callsOverLimit == 1)
    calls[0].call.cancel()
    try pipe.call(Echo.raw, [])
  }

  @Test func callsBeyondTheServersLimitWait() throws {
    var configuration = ServerConfiguration()
    configuration.maximumConcurrentStreams = 2
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers), server: configuration)
    pipe.pump()
    let calls = try (0..<5).map { _ in try pipe.call(Echo.raw, ["a"], timeout: .seconds(5)) }
    pipe.pump()
    #expect(handlers.all.count == 2)
    handlers.all[0].call?.finish(.ok)
    pipe.pump()
    #expect(handlers.all.count == 3)
    calls[4].call.cancel()
    pipe.advance(.seconds(5))
    #expect(
      calls.map { $0.recorder.status?.code } == [
        .ok, .deadlineExceeded, .deadlineExceeded, .deadlineExceeded, .cancelled,
      ])
    #expect(pipe.client.openCallCount == 0)
    try pipe.call(Echo.raw, ["a"])
    pipe.pump()
    #expect(handlers.all.last?.messages == ["a"])
  }
}
