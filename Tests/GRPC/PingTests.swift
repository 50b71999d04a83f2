import GRPC
import HTTP2
import Testing

/// What a server takes of PINGs (grpc/doc/keepalive.md).
@Suite struct PingTests {
  /// Sends PINGs that far apart until the server has had enough, at most ten; how many it took to that end.
  private func pings(
    _ client: RawClient, every interval: Duration, _ between: (Int) -> Void = { _ in }
  ) -> Int? {
    for number in 1...10 {
      client.session.ping(UInt64(number))
      client.pump()
      if client.server.isFinished { return number }
      between(number)
      client.now += interval
    }
    return nil
  }

  private func openCall(_ client: RawClient) throws -> HTTP2Stream {
    let stream = try client.session.request(RawClient.headers(Echo.chat.path))
    client.pump()
    return stream
  }

  @Test(arguments: [(Duration.seconds(9), 4), (.seconds(10), nil), (.zero, 4)] as [(Duration, Int?)])
  func tooManyEndTheConnection(_ interval: Duration, _ number: Int?) throws {
    let client = RawClient(.echo())
    _ = try openCall(client)
    #expect(pings(client, every: interval) == number)
    #expect(client.server.counters.pingFloods == (number == nil ? 0 : 1))
    #expect(client.goAway?.code == (number == nil ? nil : .enhanceYourCalm))
    #expect(client.goAway?.debug == (number == nil ? nil : "too_many_pings"))
  }

  @Test func withoutCallsTwoHoursArePermitted() {
    #expect(pings(RawClient(.echo()), every: .seconds(7199)) == 4)
    #expect(pings(RawClient(.echo()), every: .seconds(7200)) == nil)
    var configuration = ServerConfiguration()
    configuration.pings.withoutCalls = true
    #expect(pings(RawClient(.echo(), configuration), every: .seconds(10)) == nil)
  }

  @Test func whatTheServerSendsForgivesAll() throws {
    let client = RawClient(.echo())
    let stream = try openCall(client)
    let ended = pings(client, every: .seconds(1)) { number in
      guard number % 2 == 0 else { return }
      _ = client.session.write(stream) { $0 += framed("a") }
      client.pump()
    }
    #expect(ended == nil)
  }
}
