import GRPC
import HTTP2
import Testing

/// A connection without an open call is drained after a while (MAX_CONNECTION_IDLE in gRFC A9).
@Suite struct IdleTests {
  private func client(idle: Duration?) -> RawClient {
    var configuration = ServerConfiguration()
    configuration.idleTimeout = idle
    configuration.limits.keepaliveInterval = nil
    return RawClient(.echo(), configuration)
  }

  private func pass(_ time: Duration, _ client: RawClient) {
    client.now += time
    client.server.tick(at: client.now)
    client.pump()
  }

  @Test func withoutACallItEnds() {
    let client = client(idle: .seconds(60))
    client.pump()
    #expect(client.server.nextDeadline == client.now + .seconds(60))
    pass(.seconds(59), client)
    #expect(!client.server.isFinished)
    pass(.seconds(1), client)
    #expect(client.server.isFinished)
    #expect(!client.session.acceptsRequests)
    #expect(client.goAway == nil)
    #expect(client.server.counters.idleTimeouts == 1)
    #expect(client.server.counters.protocolViolations == 0)
  }

  @Test func anOpenCallKeepsIt() throws {
    let client = client(idle: .seconds(60))
    let stream = try client.session.request(RawClient.headers(Echo.chat.path))
    client.pump()
    #expect(client.server.nextDeadline == nil)
    pass(.seconds(3600), client)
    #expect(!client.server.isFinished)
    client.session.finish(stream)
    client.pump()
    #expect(client.server.openCallCount == 0)
    pass(.seconds(59), client)
    #expect(!client.server.isFinished)
    pass(.seconds(1), client)
    #expect(client.server.isFinished)
  }

  /// A call that begins and ends in one visit leaves no trace but the time.
  @Test func aShortCallBeginsTheTimeAnew() throws {
    let client = client(idle: .seconds(60))
    client.pump()
    pass(.seconds(50), client)
    let stream = try client.session.request(RawClient.headers(Echo.chat.path))
    client.session.finish(stream)
    client.pump()
    #expect(client.server.openCallCount == 0)
    pass(.seconds(50), client)
    #expect(!client.server.isFinished)
    pass(.seconds(10), client)
    #expect(client.server.isFinished)
  }

  @Test func unlessToldItStays() {
    let client = client(idle: nil)
    client.pump()
    pass(.seconds(1_000_000), client)
    #expect(!client.server.isFinished)
    #expect(client.server.nextDeadline == nil)
  }
}
