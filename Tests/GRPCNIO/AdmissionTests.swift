import GRPC
import NIOCore
import Testing

@testable import GRPCNIO

@Suite struct AdmissionTests {
  private final class Visitor {}

  /// Some addresses to come from.
  private func address(_ text: String) throws -> PeerAddress {
    PeerAddress(try SocketAddress(ipAddress: text, port: 1234))
  }

  private func admit(
    _ books: inout AdmittedConnections<Visitor>, _ peer: Visitor, _ text: String = "192.0.2.1"
  ) throws -> AdmittedConnections<Visitor>.Admission {
    books.admit(peer, ObjectIdentifier(peer), from: try address(text))
  }

  @Test func atTheLimitTheOldestThatIsStillOpeningMakesRoom() throws {
    var books = AdmittedConnections<Visitor>(maximum: 3, maximumPerAddress: nil)
    let peers = (0..<6).map { _ in Visitor() }
    for peer in peers[..<3] {
      guard case .admitted = try admit(&books, peer) else { throw Status(.unknown, "no room") }
    }
    books.opened(ObjectIdentifier(peers[0]))
    guard case .inPlaceOf(let displaced) = try admit(&books, peers[3]) else {
      throw Status(.unknown, "nobody was displaced")
    }
    #expect(displaced === peers[1])
    #expect(books.count == 3)
    books.opened(ObjectIdentifier(peers[3]))
    books.opened(ObjectIdentifier(peers[2]))
    guard case .refusedOverLimit = try admit(&books, peers[4]) else { throw Status(.unknown, "not refused") }
    books.remove(ObjectIdentifier(peers[0]))
    guard case .admitted = try admit(&books, peers[5]) else { throw Status(.unknown, "no room") }
    #expect(books.count == 3)
  }

  @Test func oneAddressHasItsShareOnly() throws {
    var books = AdmittedConnections<Visitor>(maximum: 100, maximumPerAddress: 2)
    let peers = (0..<6).map { _ in Visitor() }
    for peer in peers[..<2] { _ = try admit(&books, peer) }
    guard case .refusedForAddress = try admit(&books, peers[2]) else { throw Status(.unknown, "not refused") }
    guard case .admitted = try admit(&books, peers[3], "192.0.2.2") else { throw Status(.unknown, "refused") }
    books.remove(ObjectIdentifier(peers[0]))
    guard case .admitted = try admit(&books, peers[2]) else { throw Status(.unknown, "refused") }
  }

  @Test func manyComeAndGo() throws {
    var books = AdmittedConnections<Visitor>(maximum: 50, maximumPerAddress: 50)
    for round in 0..<1000 {
      let peer = Visitor()
      _ = try admit(&books, peer)
      if round % 2 == 0 { books.opened(ObjectIdentifier(peer)) }
      books.remove(ObjectIdentifier(peer))
    }
    #expect(books.isEmpty)
    let kept = (0..<50).map { _ in Visitor() }
    for peer in kept {
      guard case .admitted = try admit(&books, peer) else { throw Status(.unknown, "no room") }
    }
  }

  @Test func addresses() throws {
    #expect(try address("192.0.2.1") == address("::ffff:192.0.2.1"))
    #expect(try address("192.0.2.1") != address("192.0.2.2"))
    #expect(try address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff::9"))
    #expect(try address("2001:db8:1:2::1") != address("2001:db8:1:3::1"))
    #expect(try address("0.0.0.1") != address("::"))
    #expect(PeerAddress(nil) == PeerAddress(nil))
  }

  @Test func halfOpenConnectionsKeepNobodyOut() async throws {
    var transport = Loopback.patientTransport
    transport.connectionsMaximum = 2
    let server = try await Loopback.server(transport: transport)
    let silent = [try await RawSocket(port: server.port), try await RawSocket(port: server.port)]
    let clients = [try await Loopback.client(server), try await Loopback.client(server)]
    for socket in silent { try await socket.closed() }
    #expect(server.counters.displaced == 2)
    let refused = await status { _ = try await Loopback.client(server) }
    #expect(refused.code == .unavailable)
    for client in clients { #expect(try await client.unary(Peer.unary, "hello") == "hello") }
    await server.drain(timeout: .seconds(20))
  }

  @Test func aThirdConnectionFromOneAddressIsRefused() async throws {
    var transport = Loopback.patientTransport
    transport.connectionsPerAddressMaximum = 2
    let server = try await Loopback.server(transport: transport)
    let clients = [try await Loopback.client(server), try await Loopback.client(server)]
    let refused = await status { _ = try await Loopback.client(server) }
    #expect(refused.code == .unavailable)
    #expect(server.counters.refusedForAddress == 1)
    await clients[0].close()
    // The server hears of the close in its own time.
    var third: GRPCClient?
    while third == nil { third = try? await Loopback.client(server) }
    #expect(try await third?.unary(Peer.unary, "hello") == "hello")
    await server.drain(timeout: .seconds(20))
  }

  @Test func whatEndedConnectionsCountedIsKept() async throws {
    let server = try await Loopback.server()
    for _ in 0..<2 {
      let client = try await Loopback.client(server)
      _ = try await client.unary(Peer.unary, "hello")
      await client.close()
    }
    await server.drain(timeout: .seconds(20))
    #expect(server.counters.ended.callsSucceeded == 2)
    #expect(server.counters.ended.messagesReceived == 2)
  }
}
