import HTTP2
import Testing

@Suite struct SessionTests {
  @Test(arguments: [1, 3, 9, 1000, Int.max])
  func requestAndResponse(piece: Int) throws {
    let pair = SessionPair()
    let stream = try pair.client.request(request)
    pair.client.write(stream, "a")
    pair.client.finish(stream)
    try pair.pump(piece: piece)
    #expect(pair.serverEvents == ["1 request", "1 data a", "1 end"])
    let answer = try #require(pair.streams[1])
    pair.server.respond(answer, response, isEnd: false)
    pair.server.write(answer, "b")
    pair.server.finish(answer, trailers: ["t": "1"])
    try pair.pump(piece: piece)
    #expect(
      pair.clientEvents == [
        "1 end sent", "1 response 200", "1 data b", "1 trailers end", "1 closed NO_ERROR",
      ])
    #expect(pair.serverEvents.suffix(2) == ["1 end sent", "1 closed NO_ERROR"])
    #expect(pair.client.openStreamCount == 0)
    #expect(pair.server.openStreamCount == 0)
  }

  @Test func headersAloneAnswer() throws {
    let pair = SessionPair()
    let stream = try pair.client.request(request)
    pair.client.finish(stream)
    try pair.pump()
    pair.server.respond(try #require(pair.streams[1]), response, isEnd: true)
    try pair.pump()
    #expect(pair.clientEvents == ["1 end sent", "1 response 200 end", "1 closed NO_ERROR"])
  }

  @Test func earlyAnswerFreesTheStream() throws {
    let pair = SessionPair()
    let stream = try pair.client.request(request)
    pair.client.write(stream, "a")
    try pair.pump()
    pair.server.respond(try #require(pair.streams[1]), response, isEnd: true)
    try pair.pump()
    #expect(pair.clientEvents == ["1 response 200 end", "1 closed NO_ERROR"])
    #expect(pair.server.openStreamCount == 0)
  }

  @Test func resetReachesTheOther() throws {
    let pair = SessionPair()
    let stream = try pair.client.request(request)
    pair.client.write(stream, "a")
    try pair.pump()
    #expect(pair.client.reset(stream, .cancel))
    #expect(!pair.client.reset(stream, .cancel), "a stream is reset once")
    #expect(!pair.client.write(stream, "b"))
    try pair.pump()
    #expect(pair.serverEvents == ["1 request", "1 data a", "1 closed CANCEL"])
    #expect(pair.clientEvents == ["1 closed CANCEL"])
    pair.server.respond(try #require(pair.streams[1]), response, isEnd: true)
    try pair.pump()
    #expect(pair.server.openStreamCount == 0)
  }

  @Test func resetBeforeAnythingWasSent() throws {
    let pair = SessionPair()
    let stream = try pair.client.request(request)
    pair.client.reset(stream, .cancel)
    try pair.pump()
    #expect(pair.serverEvents == [])
    #expect(pair.client.openStreamCount == 0)
  }

  @Test func pingComesBack() throws {
    let pair = SessionPair()
    pair.client.ping(0x0102_0304_0506_0708)
    try pair.pump()
    #expect(pair.clientEvents == ["pong 72623859790382856"])
  }

  @Test func goAwayInTwoSteps() throws {
    let pair = SessionPair()
    let first = try pair.client.request(request)
    try pair.pump()
    pair.server.shutdownNotice()
    try pair.pump()
    #expect(pair.clientEvents == ["go away 2147483647 NO_ERROR"])
    #expect(!pair.client.acceptsRequests)
    pair.server.goAway()
    try pair.pump()
    #expect(pair.clientEvents.last == "go away 1 NO_ERROR")
    #expect(!pair.server.isOver)
    pair.client.finish(first)
    pair.server.respond(try #require(pair.streams[1]), response, isEnd: true)
    try pair.pump()
    #expect(pair.server.isOver)
    #expect(pair.client.isOver)
  }

  @Test func streamsAboveTheLastAreRefused() throws {
    let pair = SessionPair()
    _ = try pair.client.request(request)
    try pair.pump()
    pair.server.goAway()
    let goodbye = pair.output(of: pair.server) { _ in }
    _ = try pair.client.request(request)
    _ = pair.output(of: pair.client) { _ in }
    try pair.give(goodbye, to: pair.client, piece: .max) { pair.clientEvents.append(describe($0)) }
    #expect(pair.clientEvents.contains("3 closed REFUSED_STREAM"))
    #expect(!pair.clientEvents.contains { $0.hasPrefix("1 closed") })
  }

  @Test func requestsBeyondThePeersLimitWait() throws {
    var settings = HTTP2Settings()
    settings.maximumConcurrentStreams = 2
    let pair = SessionPair(server: settings)
    try pair.pump()
    for _ in 0..<3 { pair.client.finish(try pair.client.request(request)) }
    try pair.pump()
    #expect(pair.serverEvents.filter { $0.hasSuffix("request") } == ["1 request", "3 request"])
    pair.server.respond(try #require(pair.streams[1]), response, isEnd: true)
    try pair.pump()
    #expect(pair.serverEvents.contains("5 request"))
  }

  @Test func aWaitingRequestIsRefusedByGoAway() throws {
    var settings = HTTP2Settings()
    settings.maximumConcurrentStreams = 1
    let pair = SessionPair(server: settings)
    try pair.pump()
    for _ in 0..<2 { pair.client.finish(try pair.client.request(request)) }
    try pair.pump()
    pair.server.goAway()
    try pair.pump()
    pair.server.respond(try #require(pair.streams[1]), response, isEnd: true)
    try pair.pump()
    #expect(pair.clientEvents.contains("3 closed REFUSED_STREAM"))
    #expect(pair.client.openStreamCount == 0)
  }

  @Test func longHeaderListIsCut() throws {
    let pair = SessionPair()
    var headers = request
    for number in 0..<200 { headers.add("x-\(number)", "0123456789") }
    pair.client.finish(try pair.client.request(headers))
    try pair.pump()
    #expect(pair.serverEvents == ["1 request end cut"] || pair.serverEvents == ["1 request cut", "1 end"])
  }

  @Test func headersTooLongToSendCloseTheStream() throws {
    let pair = SessionPair()
    var headers = request
    headers.add("x", String(repeating: "x", count: 100_000))
    pair.client.finish(try pair.client.request(headers))
    try pair.pump()
    #expect(pair.clientEvents == ["1 closed INTERNAL_ERROR"])
    #expect(pair.client.openStreamCount == 0)
    pair.client.finish(try pair.client.request(request))
    try pair.pump()
    #expect(pair.serverEvents.contains { $0.hasPrefix("3 request") }, "the session goes on")
  }
}
