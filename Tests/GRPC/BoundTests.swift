import GRPC
import HTTP2
import Testing

/// What one client can have a server hold, in bytes and in time.
@Suite struct BoundTests {
  /// A server that is told raw frames, and whose output is only taken when a test asks for it.
  private final class Stage {
    let server: ServerConnection
    let handlers = Handlers()
    var now = Instant(nanoseconds: 0)

    init(_ configure: (inout ServerConfiguration) -> Void = { _ in }) {
      var configuration = ServerConfiguration()
      configure(&configuration)
      server = ServerConnection(
        configuration: configuration, router: .recording(handlers), peer: "raw", at: now)
      hear(FrameBytes.preface)
    }

    func hear(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { server.receive($0, at: now) }
    }

    func output() -> [UInt8] {
      var output: [UInt8] = []
      while server.takeOutput({ output += $0 }) {}
      return output
    }

    func pass(_ time: Duration) {
      now += time
      server.tick(at: now)
    }

    static let request = [
      (":method", "POST"), (":scheme", "http"), (":path", Echo.raw), (":authority", "test"),
      ("content-type", "application/grpc"),
    ]

    func open(_ stream: Int32) {
      hear(FrameBytes.headers(stream, Self.request))
    }
  }

  /// A message is said to have 2 MiB, and so much of it comes.
  private func begin(_ stream: Int32, _ bytes: Int) -> [UInt8] {
    var body = [UInt8(0), 0, 0x20, 0, 0] + Array(repeating: UInt8(0), count: bytes)
    var frames: [UInt8] = []
    while !body.isEmpty {
      frames += FrameBytes.data(stream, Array(body.prefix(16384)))
      body.removeFirst(min(16384, body.count))
    }
    return frames
  }

  @Test func messagesThatArriveInPart() {
    let stage = Stage {
      $0.limits.maximumUnfinishedBytes = 100_000
      $0.limits.initialStreamWindowBytes = 1 << 20
    }
    for stream in stride(from: Int32(1), through: 9, by: 2) {
      stage.open(stream)
      stage.hear(begin(stream, 30_000))
    }
    #expect(stage.server.counters.unfinishedOverrun > 0)
    _ = stage.output()
    #expect(!stage.server.isFinished, "only calls have ended")
    let open = stage.server.openCallCount
    #expect(1...3 ~= open)
    // What ends gives its share back.
    for stream in stride(from: Int32(1), through: 9, by: 2) { stage.hear(FrameBytes.reset(stream, .cancel)) }
    #expect(stage.server.openCallCount == 0)
    let before = stage.server.counters.unfinishedOverrun
    stage.open(11)
    stage.hear(begin(11, 30_000))
    #expect(stage.server.counters.unfinishedOverrun == before)
    #expect(stage.handlers.last.ends.isEmpty)
  }

  @Test func answersThatNobodyReads() throws {
    let stage = Stage { $0.limits.maximumConnectionBufferedBytes = 100_000 }
    for stream in stride(from: Int32(1), through: 7, by: 2) { stage.open(stream) }
    _ = stage.output()
    let calls = stage.handlers.all.compactMap(\.call)
    try #require(calls.count == 4)
    for call in calls[..<3] { call.send(Text(String(repeating: "x", count: 40_000))) }
    #expect(calls.allSatisfy { !$0.isEnded })
    #expect(!calls[3].send(Text("x")))
    #expect(calls[3].isEnded)
    #expect(stage.server.counters.buffersOverrun == 1)
    #expect(calls[..<3].allSatisfy { !$0.isEnded })
    _ = stage.output()
    // The window is what holds the rest; the connection's books follow what was taken.
    #expect(!calls[2].send(Text(String(repeating: "x", count: 40_000))) || !calls[2].isEnded)
  }

  @Test func resetsThatNobodyReads() {
    let stage = Stage()
    for stream in stride(from: Int32(1), through: 20_001, by: 2) where !stage.server.isFinished {
      // Without a path: each is answered with RST_STREAM.
      stage.hear(FrameBytes.headers(stream, [(":method", "POST")]))
    }
    #expect(stage.server.counters.protocolViolations == 1)
    #expect(FrameBytes.errors(in: stage.output()).goAway == .enhanceYourCalm)
    #expect(stage.server.isFinished)
  }

  /// A list far over the limit costs little: its stream is reset in the middle of it.
  @Test func aHeaderBomb() {
    let stage = Stage()
    let fields = (0..<100).map { ("x-\($0)", String(repeating: "x", count: 120)) }
    stage.hear(FrameBytes.headers(1, Stage.request + fields))
    #expect(FrameBytes.errors(in: stage.output()).resets == [.noError], "over 8 KiB: told with a status")
    #expect(stage.server.counters.headersTooLarge == 1)
    stage.hear(FrameBytes.headers(3, Stage.request + fields, 0))
    stage.hear(FrameBytes.frame(9, 0, 3, FrameBytes.block(fields)))
    stage.hear(FrameBytes.frame(9, 4, 3, FrameBytes.block(fields)))
    #expect(FrameBytes.errors(in: stage.output()).resets == [HTTP2ErrorCode.internalError])
    #expect(stage.server.counters.resetsProvoked == 1)
    #expect(!stage.server.isFinished)
  }

  /// Begun frames: a head, a payload, a header block.
  @Test(arguments: [
    Array(FrameBytes.frame(4, 0, 0).dropLast()),
    Array(FrameBytes.frame(6, 0, 0, Array(repeating: 0, count: 8)).dropLast()),
    FrameBytes.headers(1, [(":method", "POST")], 0),
  ])
  func aFrameThatNeverEnds(_ bytes: [UInt8]) {
    let stage = Stage()
    _ = stage.output()
    stage.hear(bytes)
    #expect(stage.server.nextDeadline == stage.now + .seconds(30))
    stage.pass(.seconds(29))
    #expect(!stage.server.isFinished)
    stage.pass(.seconds(1))
    #expect(FrameBytes.errors(in: stage.output()).goAway == .enhanceYourCalm)
    #expect(stage.server.counters.frameTimeouts == 1)
    #expect(stage.server.isFinished)
  }

  @Test func aSlowClientIsNoHostileOne() {
    let stage = Stage { $0.limits.keepaliveInterval = nil }
    stage.open(1)
    for _ in 0..<100 {
      // Always in the midst of a frame, never longer than 20 s in the same.
      stage.hear(Array(FrameBytes.data(1, [0]).dropLast(3)))
      stage.pass(.seconds(20))
      stage.hear(Array(FrameBytes.data(1, [0]).suffix(3)))
    }
    #expect(!stage.server.isFinished)
    #expect(stage.server.counters.frameTimeouts == 0)
  }

  /// Both sides may end a call at one moment, as a deadline has them do. The server's own RST_STREAM is not one that
  /// the client provoked.
  @Test func aResetOfOurOwnIsNotTheClients() throws {
    let stage = Stage()
    stage.open(1)
    _ = stage.output()
    try #require(stage.handlers.last.call).cancel()
    stage.hear(FrameBytes.reset(1, .cancel))
    _ = stage.output()
    #expect(stage.server.counters.resetsProvoked == 0)
    #expect(stage.server.openCallCount == 0)
  }

  /// A stream that comes while the GOAWAY which excludes it waits to be sent: no handler may begin what the client will
  /// be told was not looked at, and a later GOAWAY must not name it (RFC 9113, 6.8).
  @Test(arguments: [true, false])
  func aGoAwayThatWaitsHoldsAlready(_ isTaken: Bool) {
    let stage = Stage()
    stage.open(1)
    _ = stage.output()
    stage.server.drain(at: stage.now)
    stage.pass(.seconds(1))
    stage.open(3)
    #expect(stage.handlers.all.count == 1)
    if isTaken {
      let output = stage.output()
      #expect(FrameBytes.errors(in: output).resets == [.refusedStream])
      #expect(FrameBytes.lastStreams(in: output) == [0x7fff_ffff, 1])
    }
    stage.server.close()
    #expect(
      FrameBytes.lastStreams(in: stage.output()).allSatisfy { $0 == 1 || $0 == 0x7fff_ffff && !isTaken })
  }

  /// Nor does the GOAWAY that ends a connection whose client floods it meanwhile.
  @Test func aFloodBehindAGoAwayNamesNoLaterStream() {
    let stage = Stage()
    stage.open(1)
    _ = stage.output()
    stage.server.drain(at: stage.now)
    stage.pass(.seconds(1))
    for stream in stride(from: Int32(3), through: 20_001, by: 2) where !stage.server.isFinished {
      stage.open(stream)
    }
    #expect(stage.server.counters.protocolViolations == 1)
    #expect(FrameBytes.lastStreams(in: stage.output()).allSatisfy { $0 == 1 || $0 == 0x7fff_ffff })
  }
}
