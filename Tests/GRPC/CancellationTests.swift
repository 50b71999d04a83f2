import GRPC
import Testing

@Suite struct CancellationTests {
  @Test func clientCancels() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (call, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    call.cancel()
    #expect(recorder.status?.code == .cancelled, "at once")
    call.cancel()
    call.halfClose()
    #expect(!call.send(Text("late")))
    pipe.pump()
    #expect(handlers.last.ends == [.cancelled])
    #expect(recorder.endCount == 1)
    #expect(pipe.server.openCallCount == 0)
    #expect(pipe.server.counters.resetsReceived == 1)
    #expect(pipe.client.counters.resetsSent == 1)
  }

  @Test func clientCancelsBeforeAnythingLeft() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (call, recorder) = try pipe.call(Echo.raw, ["a"])
    call.cancel()
    pipe.pump()
    #expect(recorder.status?.code == .cancelled)
    #expect(handlers.all.isEmpty)
  }

  @Test func serverCancels() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    pipe.pump()
    handlers.last.call?.cancel()
    #expect(handlers.last.ends == [.cancelled])
    pipe.pump()
    #expect(recorder.status?.code == .cancelled)
    #expect(pipe.client.openCallCount == 0)
  }

  @Test func resetWhileFinishing() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (call, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    call.pauseReading()
    pipe.pump()
    let answering = try #require(handlers.last.call)
    for _ in 0..<10 { answering.send(Text(String(repeating: "x", count: 60_000))) }
    answering.finish(.ok)
    pipe.pump()
    #expect(handlers.last.ends == [], "the status waits behind the messages")
    call.cancel()
    pipe.pump()
    #expect(handlers.last.ends == [.cancelled])
    #expect(recorder.endCount == 1)
  }

  @Test func connectionLostEndsEachCallOnce() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let calls = try (0..<5).map { _ in try pipe.call(Echo.raw, ["a"], ends: false) }
    pipe.pump()
    handlers.all[1].call?.finish(.ok)
    pipe.pump()
    pipe.client.connectionLost(at: pipe.now)
    pipe.client.connectionLost(at: pipe.now)
    pipe.server.connectionLost(at: pipe.now)
    pipe.server.connectionLost(at: pipe.now)
    #expect(
      calls.map { $0.recorder.status?.code } == [.unavailable, .ok, .unavailable, .unavailable, .unavailable])
    #expect(calls.allSatisfy { $0.recorder.endCount == 1 })
    #expect(
      handlers.all.map(\.ends) == [
        [.connectionLost], [.finished], [.connectionLost], [.connectionLost], [.connectionLost],
      ])
    #expect(pipe.client.isFinished && pipe.server.isFinished)
    #expect(!pipe.client.acceptsCalls)
    #expect(pipe.client.nextDeadline == nil)
    #expect(throws: Status.self) { try pipe.call(Echo.raw, []) }
  }

  @Test func callsDoNotOutliveTheConnection() throws {
    weak var call: ServerCall?
    weak var connection: ServerConnection?
    weak var client: ClientConnection?
    do {
      let handlers = Handlers()
      let pipe = Pipe(.recording(handlers))
      try pipe.call(Echo.raw, ["a"], ends: false)
      pipe.pump()
      call = handlers.last.call
      connection = pipe.server
      client = pipe.client
      #expect(call != nil)
      pipe.client.connectionLost(at: pipe.now)
      pipe.server.connectionLost(at: pipe.now)
      handlers.last.call = nil
    }
    #expect(call == nil)
    #expect(connection == nil)
    #expect(client == nil)
  }
}
