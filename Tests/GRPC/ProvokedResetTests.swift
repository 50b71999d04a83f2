import GRPC
import HTTP2
import Testing

/// CVE-2025-8671: a client has the server reset its streams, so that they do not count, and opens the next.
@Suite struct ProvokedResetTests {
  /// WINDOW_UPDATE beyond 2^31-1 on a stream: an error of that stream alone (RFC 9113, 6.9.1).
  private func tooMuchWindow(_ stream: Int32) -> [UInt8] {
    [0, 0, 4, 8, 0] + withUnsafeBytes(of: stream.bigEndian) { Array($0) } + [0x7f, 0xff, 0xff, 0xff]
  }

  /// Opens streams and has each reset, until the server has had enough, at most `count`.
  private func provoke(_ client: RawClient, _ count: Int, every pause: Duration) throws -> Int {
    for number in 1...count {
      let stream = try client.session.request(RawClient.headers(Echo.chat.path))
      client.pump()
      tooMuchWindow(stream.id).withUnsafeBytes { client.server.receive($0, at: client.now) }
      client.pump()
      if client.server.isFinished { return number }
      #expect(client.server.openCallCount == 0, "the call's handler was told at once")
      client.now += pause
    }
    return count
  }

  @Test func aFloodEndsTheConnection() throws {
    let client = RawClient(.echo())
    #expect(try provoke(client, 1000, every: .zero) == 101)
    #expect(client.goAway?.code == .enhanceYourCalm)
    #expect(client.goAway?.debug == "too_many_stream_errors")
    #expect(client.server.counters.resetsProvoked == 101)
    #expect(client.server.counters.callsStarted == 101)
  }

  @Test func aFewMistakesDoNot() throws {
    let client = RawClient(.echo())
    #expect(try provoke(client, 300, every: .seconds(1)) == 300)
    #expect(client.goAway == nil)
  }

  /// What the server resets by itself is not the client's doing.
  @Test func cancellationsDoNotCount() throws {
    var router = Router()
    router.bidirectional(Echo.chat) { stream throws(Status) in
      stream.call.cancel()
      return StreamReader<Text> { _ in
      } onHalfClose: {
      }
    }
    let client = RawClient(router)
    for _ in 0..<300 {
      _ = try client.session.request(RawClient.headers(Echo.chat.path))
      client.pump()
    }
    #expect(client.server.counters.resetsProvoked == 0)
    #expect(!client.server.isFinished)
  }
}
