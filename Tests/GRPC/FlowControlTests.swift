import GRPC
import Testing

@Suite struct FlowControlTests {
  static func small() -> ConnectionLimits {
    var limits = ConnectionLimits()
    limits.initialStreamWindowBytes = 100_000
    limits.connectionWindowBytes = 150_000
    limits.writeHighWaterBytes = 50_000
    limits.writeLowWaterBytes = 10_000
    return limits
  }

  static func pipe(_ handlers: Handlers, _ limits: ConnectionLimits = small()) -> Pipe {
    var client = ClientConfiguration()
    var server = ServerConfiguration()
    client.limits = limits
    server.limits = limits
    let pipe = Pipe(.recording(handlers), client: client, server: server)
    pipe.pump()
    return pipe
  }

  static let kilobytes10 = Text(String(repeating: "x", count: 10_000))

  @Test func aServerThatDoesNotReadStopsItsClientAndNobodyElse() throws {
    let handlers = Handlers()
    let pipe = Self.pipe(handlers)
    let (slow, recorder) = try pipe.call(Echo.raw, [], ends: false)
    pipe.pump()
    let reading = try #require(handlers.last.call)
    reading.pauseReading()
    var sent = 0
    recorder.onWritable = { call in
      repeat { sent += 1 } while call.send(Self.kilobytes10)
    }
    recorder.onWritable?(slow)
    pipe.pump()
    #expect(handlers.all[0].messages.count == 9, "one window of 100 kB")
    #expect(!slow.isWritable)
    #expect(slow.bufferedBytes >= 50_000)

    let (fast, other) = try pipe.call(Echo.raw, [], ends: false)
    for _ in 0..<100 { fast.send(Self.kilobytes10) }
    fast.halfClose()
    pipe.pump()
    #expect(handlers.all[1].messages.count == 100, "many windows of the connection")
    #expect(handlers.all[0].messages.count == 9)
    #expect(other.status == nil)

    recorder.onWritable = { call in
      guard sent < 200 else { return call.halfClose() }
      repeat { sent += 1 } while call.send(Self.kilobytes10) && sent < 200
    }
    reading.resumeReading()
    pipe.pump()
    #expect(handlers.all[0].messages.count == sent)
    #expect(sent == 200)
    #expect(handlers.all[0].isHalfClosed)
  }

  @Test func aClientThatDoesNotReadStopsItsServer() throws {
    let handlers = Handlers()
    handlers.prepare = { recorder in
      var sent = 0
      recorder.onWritable = { call in
        while sent < 300 {
          sent += 1
          if !call.send(Self.kilobytes10) { return }
        }
        call.finish(.ok)
      }
      recorder.onHalfClose = { recorder.onWritable?($0) }
    }
    let pipe = Self.pipe(handlers)
    let (call, recorder) = try pipe.call(Echo.raw, [])
    call.pauseReading()
    pipe.pump()
    #expect(recorder.messages.count == 9)
    let answering = try #require(handlers.last.call)
    #expect((50_000..<70_000).contains(answering.bufferedBytes))
    call.resumeReading()
    pipe.pump()
    #expect(recorder.messages.count == 300)
    #expect(recorder.status == .ok)
    #expect(handlers.last.writableCount > 10)
  }

  @Test func pausingBetweenMessagesKeepsCount() throws {
    let handlers = Handlers()
    handlers.prepare = { recorder in
      recorder.onMessage = { call, _ in
        call.pauseReading()
        if recorder.messages.count % 2 == 0 { call.resumeReading() }
      }
    }
    let pipe = Self.pipe(handlers)
    let (call, _) = try pipe.call(Echo.raw, [], ends: false)
    for _ in 0..<500 { call.send(Self.kilobytes10) }
    call.halfClose()
    for _ in 0..<100 {
      pipe.pump()
      handlers.last.call?.resumeReading()
    }
    #expect(handlers.last.messages.count == 500)
  }

  @Test func ignoringTheHighWaterMarkEndsTheCall() throws {
    let handlers = Handlers()
    var limits = Self.small()
    limits.maximumBufferedBytes = 200_000
    let pipe = Self.pipe(handlers, limits)
    let (call, recorder) = try pipe.call(Echo.raw, [], ends: false)
    pipe.pump()
    let answering = try #require(handlers.last.call)
    for _ in 0..<30 { answering.send(Self.kilobytes10) }
    #expect(answering.isEnded)
    pipe.pump()
    #expect(recorder.status?.code == .resourceExhausted)
    #expect(pipe.server.counters.buffersOverrun == 1)

    let (flood, flooded) = try pipe.call(Echo.raw, [], ends: false)
    for _ in 0..<30 { flood.send(Self.kilobytes10) }
    #expect(flooded.status?.code == .resourceExhausted)
    #expect(!call.isWritable)
    pipe.pump()
    #expect(pipe.client.counters.buffersOverrun == 1)
  }

  @Test func aMessageLargerThanAllWindows() throws {
    let handlers = Handlers()
    let pipe = Self.pipe(handlers)
    let (call, _) = try pipe.call(Echo.raw, [], ends: false)
    call.send(Text(String(repeating: "y", count: 3_000_000)))
    call.halfClose()
    pipe.pump()
    #expect(handlers.last.messages.map(\.utf8.count) == [3_000_000])
    #expect(handlers.last.isHalfClosed)
  }
}
