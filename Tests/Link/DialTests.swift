import GRPC
import Glibc
import Synchronization
import Testing

@testable import Link

@Suite("Opening a link")
struct DialTests {
  @Test func `tells that nobody listens`() {
    let port = Loopback.closedPort()
    let bench = Bench(Link(to: port))
    let error = bench.open()?.error
    #expect(error == LinkError(.unreachable, "127.0.0.1:\(port): Connection refused"))
    #expect(bench.link.isIdle)
  }

  @Test func `gives up on a black hole when its time is over`() {
    let hole = BlackHole()
    let bench = Bench(Link(to: hole.port))
    bench.link.open(at: bench.now)
    bench.settle()
    #expect(bench.link.nextDeadline == bench.now + .seconds(10))
    #expect(bench.tick(after: .milliseconds(9999)) == nil)
    #expect(bench.tick(after: .milliseconds(1))?.error?.code == .timeout)
    #expect(bench.link.isIdle)
  }

  @Test func `refuses files that cannot be used, before it connects`() {
    let bench = Bench(Link(to: 1, tls: LinkTLS(caFile: "/nonexistent/ca.pem")))
    bench.link.open(at: bench.now)
    #expect(bench.link.descriptor == -1 && bench.link.nextDeadline == bench.now)
    let error = bench.nextEvent()?.error
    #expect(error?.code == .configuration)
    #expect(error?.message.hasPrefix("tls.ca_file: /nonexistent/ca.pem: ") == true)
  }

  @Test func `opens once, however often it is asked`() {
    let peer = Peer(.grpc(.test))
    let bench = Bench(Link(to: peer.port), peer)
    bench.link.open(at: bench.now)
    bench.link.open(at: bench.now)
    #expect(bench.nextEvent()?.isConnected == true)
    bench.link.open(at: bench.now)
    bench.settle()
    #expect(peer.connectionCount == 1)
  }

  @Test func `tries addresses of the family that worked last first`() throws {
    let addresses = try ["::1", "127.0.0.1", "::2", "127.0.0.2"].map { host in
      try #require(Lookup.numeric(LinkTarget(host: host, port: 1)))
    }
    for (family, order) in [
      (nil, ["[::1]:1", "127.0.0.1:1", "[::2]:1", "127.0.0.2:1"]),
      (AF_INET, ["127.0.0.1:1", "127.0.0.2:1", "[::1]:1", "[::2]:1"]),
      (AF_INET6, ["[::1]:1", "[::2]:1", "127.0.0.1:1", "127.0.0.2:1"]),
    ] {
      var attempts = DialAttempts(LinkTarget(host: "many", port: 1))
      attempts.add(addresses, preferring: family)
      var tried: [String] = []
      while let address = attempts.next() { tried.append(address.description) }
      #expect(tried == order)
    }
  }

  @Test func `shares its time among the addresses that are left`() throws {
    let addresses = try (1...16).map { try SocketAddress.loopback($0) }
    let start = Instant(nanoseconds: 0)
    let limits = LinkLimits()
    for (count, milliseconds) in [(1, 10_000), (2, 3000), (4, 2500), (16, 625)] as [(Int, Int64)] {
      var attempts = DialAttempts(LinkTarget(host: "many", port: 1))
      attempts.add(Array(addresses.prefix(count)))
      #expect(attempts.next() != nil)
      let deadline = attempts.deadline(limits, overall: start + limits.connectTimeout, at: start)
      #expect(deadline == start + .milliseconds(milliseconds), "\(count) addresses")
    }
  }
}
