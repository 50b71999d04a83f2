import GRPC
import Testing

/// Handlers that do everything they may from within what they hear.
@Suite struct ReentrancyTests {
  @Test func finishInsideAMessageStopsTheRest() throws {
    let handlers = Handlers()
    handlers.prepare = { $0.onMessage = { call, _ in call.finish(Status(.aborted, "enough")) } }
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a", "b", "c"])
    pipe.pump()
    #expect(handlers.last.messages == ["a"])
    #expect(!handlers.last.isHalfClosed)
    #expect(handlers.last.ends == [.finished])
    #expect(recorder.status == Status(.aborted, "enough"))
  }

  @Test func cancelInsideAMessageStopsTheRest() throws {
    let pipe = Pipe(.echo())
    let recorder = Recorder()
    recorder.onMessage = { $0.cancel() }
    let call = try pipe.client.start(Echo.expand.path, handler: recorder)
    call.send(Text("abc"))
    call.halfClose()
    pipe.pump()
    #expect(recorder.messages == ["a"])
    #expect(recorder.status?.code == .cancelled)
    #expect(recorder.endCount == 1)
    #expect(pipe.server.openCallCount == 0)
  }

  @Test func callsStartedInsideTheEndOfCalls() throws {
    let pipe = Pipe(.echo())
    var recorders: [Recorder] = []
    func begin(_ left: Int) throws {
      let (_, recorder) = try pipe.call(Echo.unary.path, ["\(left)"], timeout: .seconds(1))
      recorders.append(recorder)
      recorder.onEnd = { if left > 0 { try? begin(left - 1) } }
    }
    for _ in 0..<10 { try begin(10) }
    pipe.pump()
    #expect(recorders.count == 110)
    #expect(recorders.allSatisfy { $0.status == .ok })
  }

  @Test func callsStartedWhenDeadlinesPass() throws {
    let pipe = Pipe(.recording(Handlers()))
    var again: Recorder?
    for _ in 0..<5 {
      let (_, recorder) = try pipe.call(Echo.raw, ["a"], timeout: .seconds(1))
      recorder.onEnd = { again = try? pipe.call(Echo.raw, ["b"], timeout: .seconds(1)).recorder }
    }
    pipe.pump()
    pipe.advance(.seconds(1))
    #expect(pipe.client.openCallCount == 5)
    #expect(again?.status == nil)
  }

  @Test func callsStartedWhenTheConnectionIsLostAreRefused() throws {
    let pipe = Pipe(.recording(Handlers()))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"])
    var refused: Status?
    recorder.onEnd = {
      do throws(Status) { try pipe.call(Echo.raw, ["b"]) } catch { refused = error }
    }
    pipe.pump()
    pipe.client.connectionLost(at: pipe.now)
    #expect(refused?.code == .unavailable)
  }

  @Test func callsEndEachOther() throws {
    let pipe = Pipe(.recording(Handlers()))
    let calls = try (0..<4).map { _ in try pipe.call(Echo.raw, ["a"], ends: false) }
    for (_, recorder) in calls {
      recorder.onEnd = { for (call, _) in calls { call.cancel() } }
    }
    pipe.pump()
    pipe.client.connectionLost(at: pipe.now)
    #expect(calls.allSatisfy { $0.recorder.endCount == 1 })
  }

  @Test func cancelledByTheFactory() throws {
    let handlers = Handlers()
    handlers.prepare = { $0.call?.cancel() }
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"])
    pipe.pump()
    #expect(recorder.status?.code == .cancelled)
    #expect(handlers.last.ends == [.cancelled])
    #expect(handlers.last.messages == [])
  }

  @Test func finishedByTheFactory() throws {
    let handlers = Handlers()
    handlers.prepare = { $0.call?.finish(.ok) }
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"])
    pipe.pump()
    #expect(recorder.status == .ok)
    #expect(handlers.last.ends == [.finished])
    #expect(handlers.last.messages == [])
  }

  @Test func otherThreadsSpeakThroughTheExecutor() throws {
    let handlers = Handlers()
    let pipe = Pipe(.recording(handlers))
    let (_, recorder) = try pipe.call(Echo.raw, ["a"])
    pipe.pump()
    let call = try #require(handlers.last.call)
    LoopBound(call, on: call.connection.executor).execute { $0.finish(.ok) }
    pipe.pump()
    #expect(recorder.status == .ok)
  }

  @Test func refusedByTheFactory() throws {
    var router = Router()
    router.bidirectional(Echo.chat) { stream throws(Status) -> StreamReader<Text> in
      throw Status(.permissionDenied, "not you")
    }
    let pipe = Pipe(router)
    let (_, recorder) = try pipe.call(Echo.chat.path, ["a"])
    pipe.pump()
    #expect(recorder.status == Status(.permissionDenied, "not you"))
  }

  @Test func typedCallsEndToEnd() throws {
    let pipe = Pipe(.echo())
    var said: [String] = []
    try pipe.client.unary(Echo.unary, "hello") { result, _ in
      said.append((try? result.get().text) ?? "failed")
    }
    try pipe.client.unary(Echo.unary, "fail") { result, _ in
      if case .failure(let status) = result { said.append(status.description) }
    }
    let reader = ResponseReader<Text>(
      onMessage: { text, _ in said.append(text.text) }, onEnd: { status, _ in said.append("\(status)") })
    try pipe.client.serverStreaming(Echo.expand, "xy", reader)
    let collect = try pipe.client.clientStreaming(Echo.collect) { result, _ in
      said.append((try? result.get().text) ?? "failed")
    }
    collect.send("1")
    collect.send("2")
    collect.halfClose()
    pipe.pump()
    // Among calls there is no order: a status alone overtakes messages.
    #expect(
      said.sorted() == ["12", "NOT_FOUND: no such thing: Grüße 100%\n", "OK", "x", "y", "you said hello"])
  }

  @Test func aServerStreamKnowsItsEnd() throws {
    nonisolated(unsafe) var ends: [CallEnd] = []
    var router = Router()
    router.serverStreaming(Echo.expand) { _, stream throws(Status) in
      stream.onEnd = { ends.append($0) }
      stream.send("one")
    }
    let pipe = Pipe(router)
    let (call, _) = try pipe.call(Echo.expand.path, ["x"])
    pipe.pump()
    call.cancel()
    pipe.pump()
    #expect(ends == [.cancelled])
  }
}
