import HTTP2
import Testing

@Suite struct FlowControlTests {
  static let small: HTTP2Settings = {
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 100_000
    settings.connectionWindowBytes = 200_000
    settings.writeHighWaterBytes = 50_000
    settings.writeLowWaterBytes = 10_000
    return settings
  }()

  static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

  @Test func highAndLowWater() throws {
    let pair = SessionPair(client: Self.small, server: Self.small)
    let stream = try pair.client.request(request)
    #expect(pair.client.write(stream, Self.text(40_000)))
    #expect(!pair.client.write(stream, Self.text(20_000)))
    #expect(!stream.isWritable)
    #expect(stream.bufferedBytes == 60_000)
    try pair.pump()
    #expect(pair.clientEvents == ["1 writable"])
    #expect(stream.isWritable)
    #expect(stream.bufferedBytes == 0)
  }

  @Test func aWindowThatIsNotGivenBackStopsTheStream() throws {
    let pair = SessionPair(client: Self.small, server: Self.small)
    pair.consumes = false
    try pair.pump()
    let stream = try pair.client.request(request)
    pair.client.write(stream, Self.text(150_000))
    try pair.pump()
    #expect(stream.bufferedBytes == 50_000)
    #expect(pair.client.remoteWindow(of: stream) == 0)
    #expect(pair.client.remoteWindow == 100_000)
    pair.server.consumeConnection(100_000)
    pair.server.consumeStream(1, 100_000)
    try pair.pump()
    #expect(stream.bufferedBytes == 0)
  }

  @Test func equalStreamsShareTheConnection() throws {
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 1 << 20
    settings.connectionWindowBytes = 1 << 20
    let pair = SessionPair(client: settings)
    for _ in 0..<3 { pair.client.finish(try pair.client.request(request)) }
    try pair.pump()
    for stream in pair.streams.values {
      pair.server.respond(stream, response, isEnd: false)
      pair.server.write(stream, Self.text(300_000))
    }
    var chunks = 0
    while chunks < 18, pair.server.takeOutput({ _ in chunks += 1 }) {}
    let left = pair.streams.values.map(\.bufferedBytes).sorted()
    #expect(left[2] - left[0] <= 2 * 16_384, "after \(chunks) chunks: \(left)")
  }

  @Test func dataForAFinishedStreamDoesNotLeakConnectionWindow() throws {
    let pair = SessionPair(client: Self.small, server: Self.small)
    try pair.pump()
    // The server answers at once, while the client's data is still on its way, many windows in all.
    for _ in 0..<20 {
      let stream = try pair.client.request(request)
      pair.client.write(stream, Self.text(60_000))
      let bytes = pair.output(of: pair.client) { _ in }
      try pair.give(Array(bytes.prefix(100)), to: pair.server, piece: .max) { event in
        if case .headers(let headers) = event { pair.server.respond(headers.stream, response, isEnd: true) }
        if case .data(_, let bytes) = event { pair.server.consumeConnection(bytes.count) }
      }
      let answer = pair.output(of: pair.server) { _ in }
      try pair.give(Array(bytes.dropFirst(100)), to: pair.server, piece: .max) { event in
        if case .data(_, let bytes) = event { pair.server.consumeConnection(bytes.count) }
      }
      try pair.give(answer, to: pair.client, piece: .max) { _ in }
      try pair.pump()
    }
    #expect(pair.client.remoteWindow >= 100_000)
    #expect(pair.client.openStreamCount == 0)
  }

  @Test func aLongQueueIsSentWhole() throws {
    let pair = SessionPair()
    let stream = try pair.client.request(request)
    var sent = 0
    for round in 0..<200 {
      pair.client.write(stream, Self.text(round * 37))
      sent += round * 37
      if round % 3 == 0 { try pair.pump() }
    }
    pair.client.finish(stream)
    try pair.pump()
    let received = pair.serverEvents.filter { $0.hasPrefix("1 data ") }.reduce(0) { $0 + $1.utf8.count - 7 }
    #expect(received == sent)
    #expect(pair.serverEvents.last == "1 end")
  }
}
