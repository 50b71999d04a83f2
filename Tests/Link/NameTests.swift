import GRPC
import Glibc
import Synchronization
import Testing

@testable import Link

/// Serialized: the number of lookups at once is bounded for the whole process.
@Suite("Names", .serialized)
struct NameTests {
  @Test func `localhost is resolved by the system, on a thread`() {
    let peer = Peer(.grpc(.test))
    let link = Link(
      target: LinkTarget(host: "localhost", port: peer.port), tls: nil, configuration: ClientConfiguration())
    let bench = Bench(link, peer)
    #expect(bench.open()?.isConnected == true)
    #expect(link.peer == "127.0.0.1:\(peer.port)")
  }

  @Test func `addresses need no lookup`() {
    for (host, text) in [
      ("127.0.0.1", "127.0.0.1:7600"), ("::1", "[::1]:7600"), ("2001:db8::7", "[2001:db8::7]:7600"),
    ] {
      #expect(Lookup.numeric(LinkTarget(host: host, port: 7600))?.description == text)
    }
    for host in ["localhost", "", "a b", "1.2.3.4.5"] {
      #expect(Lookup.numeric(LinkTarget(host: host, port: 7600)) == nil, "\(host)")
    }
  }

  @Test func `a name that the resolver does not know is told`() {
    let bench = Bench(
      Link(named: "nowhere", 1) { target in .failure(LinkError(.resolution, "\(target.host): no such host")) }
    )
    #expect(bench.open()?.error == LinkError(.resolution, "nowhere: no such host"))

    let impossible = String(repeating: "a", count: 300)
    guard case .failure(let error) = Lookup.resolve(LinkTarget(host: impossible, port: 1)) else {
      Issue.record("a name of 300 letters was resolved")
      return
    }
    #expect(error.code == .resolution)
  }

  @Test func `all addresses are tried in order, and all their failures told`() throws {
    let peer = Peer(.grpc(.test))
    let dead = try [Loopback.closedPort(), Loopback.closedPort()].map { try SocketAddress.loopback($0) }
    let alive = try SocketAddress.loopback(peer.port)

    let bench = Bench(Link(named: "fleet", 7600) { _ in .success(dead + [alive]) }, peer)
    #expect(bench.open()?.isConnected == true)

    let failing = Bench(Link(named: "fleet", 7600) { _ in .success(dead) })
    let error = failing.open()?.error
    #expect(error?.code == .unreachable)
    #expect(
      error?.message == "fleet:7600: \(dead[0]): Connection refused; \(dead[1]): Connection refused")
  }

  @Test func `an address that does not answer gets its share of the time`() throws {
    let hole = BlackHole()
    let peer = Peer(.grpc(.test))
    let addresses = [try SocketAddress.loopback(hole.port), try SocketAddress.loopback(peer.port)]
    let bench = Bench(Link(named: "fleet", 7600) { _ in .success(addresses) }, peer)
    bench.link.open(at: bench.now)
    bench.run("the first address") { bench.link.nextDeadline == bench.now + .seconds(3) }
    #expect(bench.tick(after: .seconds(3)) == nil)
    #expect(bench.nextEvent()?.isConnected == true)
    #expect(peer.connectionCount == 1)
  }

  @Test func `a lookup that takes too long fails the opening, and serves the next one`() throws {
    let gate = Gate()
    let peer = Peer(.grpc(.test))
    let alive = try SocketAddress.loopback(peer.port)
    let bench = Bench(
      Link(named: "slow", 7600) { _ in
        gate.pass(); return .success([alive])
      }, peer)
    bench.link.open(at: bench.now)
    gate.waitForVisitor()
    #expect(bench.tick(after: .seconds(10))?.error?.code == .timeout)
    #expect(bench.link.isIdle)
    bench.link.open(at: bench.now)
    bench.link.close()
    bench.link.open(at: bench.now)
    gate.open()
    #expect(bench.nextEvent()?.isConnected == true)
    #expect(gate.visitors == 1)
  }

  @Test func `a link may be dropped while its name is being resolved`() {
    let gate = Gate()
    let freed = Gate()
    do {
      let wire = Tripwire { freed.open() }
      let link = Link(named: "slow", 7600) { _ in
        gate.pass()
        return withExtendedLifetime(wire) { .failure(LinkError(.resolution, "too late")) }
      }
      link.open(at: Instant(nanoseconds: 0))
      gate.waitForVisitor()
      link.close()
    }
    gate.open()
    freed.pass()
    #expect(freed.visitors == 1)
  }

  @Test func `lookups at once are bounded`() {
    let gate = Gate()
    let target = LinkTarget(host: "slow", port: 1)
    let lookup: @Sendable (LinkTarget) -> Lookup.Answer = { _ in
      gate.pass(); return .success([])
    }
    var running: [Resolution] = []
    #expect(throws: LinkError.self) {
      for _ in 0...LinkLimits.maximumLookups { running.append(try Resolution.start(target, lookup: lookup)) }
    }
    #expect(running.count <= LinkLimits.maximumLookups)
    gate.open()
    for resolution in running {
      var watched = pollfd(fd: resolution.descriptor, events: Int16(POLLIN), revents: 0)
      #expect(poll(&watched, 1, 5000) == 1)
      #expect(resolution.answer != nil)
    }
  }
}

/// A pipe that lets threads pass once it is open.
final class Gate: Sendable {
  private let ends: (read: Int32, write: Int32)
  private let arrivals: (read: Int32, write: Int32)
  private let count = Atomic<Int>(0)

  init() {
    ends = Self.makePipe()
    arrivals = Self.makePipe()
  }

  deinit { for end in [ends.read, ends.write, arrivals.read, arrivals.write] { close(end) } }

  var visitors: Int { count.load(ordering: .sequentiallyConsistent) }

  /// Waits until the gate is open.
  func pass() {
    count.add(1, ordering: .sequentiallyConsistent)
    _ = write(arrivals.write, [1], 1)
    var byte: UInt8 = 0
    _ = read(ends.read, &byte, 1)
    _ = write(ends.write, [1], 1)
  }

  func open() { _ = write(ends.write, [1], 1) }

  /// Waits until somebody stands at the gate.
  func waitForVisitor() {
    var byte: UInt8 = 0
    _ = read(arrivals.read, &byte, 1)
  }

  private static func makePipe() -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    return (ends[0], ends[1])
  }
}

/// Tells when it is freed.
final class Tripwire: Sendable {
  private let onFree: @Sendable () -> Void
  init(_ onFree: @escaping @Sendable () -> Void) { self.onFree = onFree }
  deinit { onFree() }
}
