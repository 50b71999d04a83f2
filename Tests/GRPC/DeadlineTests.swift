import GRPC
import Testing

@Suite struct DeadlineTests {
  @Test func serverKnowsTheDeadline() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    pipe.advance(.seconds(100))
    try pipe.call(Echo.raw, ["a"], timeout: .seconds(5), ends: false)
    pipe.pump()
    #expect(handlers.last.call?.deadline == pipe.now + .seconds(5))
    #expect(pipe.client.nextDeadline == pipe.now + .seconds(5))
    #expect(pipe.server.nextDeadline == pipe.now + .seconds(5))
  }

  @Test func clientEndsTheCall() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (call, recorder) = try pipe.call(Echo.raw, ["a"], timeout: .seconds(5), ends: false)
    pipe.pump()
    pipe.advance(.milliseconds(4999))
    #expect(recorder.status == nil)
    pipe.now += .milliseconds(1)
    pipe.client.tick(at: pipe.now)
    #expect(recorder.status?.code == .deadlineExceeded)
    #expect(call.isEnded)
    pipe.pump()
    #expect(handlers.last.ends == [.cancelled], "the client's reset arrived first")
    #expect(pipe.client.counters.deadlinesExceeded == 1)
  }

  @Test func serverEndsTheCall() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"], timeout: .seconds(5), ends: false)
    pipe.pump()
    handlers.last.call?.send(Text(String(repeating: "x", count: 10)))
    pipe.now += .seconds(5)
    pipe.server.tick(at: pipe.now)
    #expect(handlers.last.ends == [.deadlineExceeded])
    #expect(handlers.last.call?.isEnded == true)
    #expect(handlers.last.call?.send(Text("late")) == false)
    pipe.pump()
    #expect(recorder.status?.code == .deadlineExceeded)
    #expect(recorder.endCount == 1)
    #expect(pipe.server.openCallCount == 0)
    #expect(pipe.server.nextDeadline == nil)
  }

  @Test func statusOvertakesWhatTheClientDoesNotRead() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (call, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
    call.pauseReading()
    let (_, other) = try pipe.call(Echo.raw, ["a"], timeout: .seconds(1), ends: false)
    pipe.pump()
    let answering = try #require(handlers.last.call)
    for _ in 0..<20 { answering.send(Text(String(repeating: "x", count: 50_000))) }
    pipe.holdsServer = true
    pipe.now += .seconds(1)
    pipe.server.tick(at: pipe.now)
    pipe.holdsServer = false
    pipe.pump()
    #expect(other.status?.code == .deadlineExceeded)
    #expect(other.messageBytes == 0, "what waited was dropped")
    #expect(recorder.status == nil)
  }

  @Test func timeoutWithoutATimeRunsFromTheNextVisit() throws {
    let pipe = Pipe(.recording(Handlers()))
    pipe.pump()
    pipe.now += .seconds(1000)
    let recorder = Recorder()
    var flushes = 0
    pipe.client.onOutputReady = { flushes += 1 }
    _ = try pipe.client.start(Echo.raw, timeout: .seconds(2), handler: recorder)
    #expect(flushes == 1)
    #expect(try #require(pipe.client.nextDeadline) <= pipe.now, "tick is wanted at once")
    pipe.client.tick(at: pipe.now)
    #expect(recorder.status == nil)
    #expect(pipe.client.nextDeadline == pipe.now + .seconds(2))
  }

  @Test func theEarliestOfManyCounts() throws {
    let pipe = Pipe(.recording(Handlers()))
    let calls = try [30, 10, 20].map { try pipe.call(Echo.raw, ["a"], timeout: .seconds($0), ends: false) }
    pipe.pump()
    #expect(pipe.client.nextDeadline == pipe.now + .seconds(10))
    pipe.advance(.seconds(10))
    #expect(calls.map { $0.recorder.status?.code } == [nil, .deadlineExceeded, nil])
    #expect(pipe.client.nextDeadline == pipe.now + .seconds(10))
    pipe.advance(.seconds(100))
    #expect(calls.allSatisfy { $0.recorder.endCount == 1 })
    #expect(pipe.client.nextDeadline == nil)
  }
}
