import GRPC
import NIOCore
import NIOSSL
import Testing

@testable import GRPCNIO

@Suite struct TLSTests {
  private let certificates: Certificates

  init() throws {
    certificates = try Certificates()
  }

  private func serverTLS(
    _ name: String = "server", _ clients: ServerTLS.ClientCertificates = .none
  ) -> ServerTLS {
    ServerTLS(
      certificateFile: certificates.file("\(name).pem"), keyFile: certificates.file("\(name).key"),
      clientCertificates: clients)
  }

  private func clientTLS(
    _ authority: String = "ca", name: String? = nil, identity: String? = nil
  ) -> ClientTLS {
    ClientTLS(
      trust: .authorities(file: certificates.file("\(authority).pem")), serverName: name,
      identity: identity.map {
        .init(certificateFile: certificates.file("\($0).pem"), keyFile: certificates.file("\($0).key"))
      })
  }

  /// What a client meets: OK, or why it could not connect, without `host:port: `.
  private func outcome(_ server: ServerTLS, _ client: ClientTLS?, host: String = "127.0.0.1") async throws
    -> (status: Status, counters: ServerCounters)
  {
    let listening = try await Loopback.server(tls: server)
    let target = Target(host: host, port: listening.port)
    var ending = await status {
      let client = try await GRPCClient.connect(to: target, tls: client, group: Loopback.group)
      #expect(try await client.unary(Peer.unary, "hello") == "hello")
      await client.close()
    }
    if ending.message.hasPrefix("\(target): ") { ending.message.removeFirst("\(target): ".count) }
    while listening.connectionCount > 0 { await Task.yield() }
    await listening.drain(timeout: .seconds(5))
    return (ending, listening.counters)
  }

  @Test func rightAuthorityAndName() async throws {
    #expect(try await outcome(serverTLS(), clientTLS()).status == .ok)
    #expect(try await outcome(serverTLS(), clientTLS(), host: "localhost").status == .ok)
    #expect(try await outcome(serverTLS("elsewhere"), clientTLS(name: "elsewhere.example")).status == .ok)
  }

  @Test func wrongAuthority() async throws {
    let expected = "TLS: the peer's certificate is not trusted (CERTIFICATE_VERIFY_FAILED)"
    let (ending, counters) = try await outcome(serverTLS(), clientTLS("other-ca"))
    #expect(ending == Status(.unavailable, expected))
    #expect(counters.failedTLS == 1)
    #expect(try await outcome(serverTLS(), ClientTLS()).status == Status(.unavailable, expected))
  }

  @Test func wrongName() async throws {
    let byAddress = try await outcome(serverTLS("elsewhere"), clientTLS()).status
    #expect(
      byAddress
        == Status(
          .unavailable, "TLS: the certificate carries neither the expected name nor the address connected to")
    )
    // The address is in the certificate, but the name was asked for.
    let byName = try await outcome(serverTLS(), clientTLS(name: "elsewhere.example")).status
    #expect(
      byName
        == Status(
          .unavailable, "TLS: the certificate carries localhost, not the expected \"elsewhere.example\""))
  }

  @Test(arguments: [
    ("host.example", "host.example", true),
    ("HOST.example.", "host.EXAMPLE", true),
    ("host.example", "other.example", false),
    ("*.fleet.example", "a.fleet.example", true),
    ("*.fleet.example", "a.b.fleet.example", false),
    ("*.fleet.example", "fleet.example", false),
    ("*.example", "fleet.example", false),
    ("a*.fleet.example", "ab.fleet.example", false),
    ("*", "host", false),
    ("", "", false),
  ])
  func names(_ pattern: String, _ name: String, _ isCovered: Bool) {
    #expect(ServerName.covers(pattern, name) == isCovered)
  }

  @Test func pinnedCertificate() async throws {
    let right = ClientTLS(trust: .pinned(sha256: try certificates.fingerprint("elsewhere")))
    #expect(try await outcome(serverTLS("elsewhere"), right).status == .ok)
    let wrong = ClientTLS(trust: .pinned(sha256: try certificates.fingerprint("server")))
    let ending = try await outcome(serverTLS("elsewhere"), wrong).status
    #expect(
      ending == Status(.unavailable, "TLS: the peer's certificate is not trusted (CERTIFICATE_VERIFY_FAILED)")
    )
    let short = try await outcome(serverTLS(), ClientTLS(trust: .pinned(sha256: [1, 2]))).status
    #expect(short.code == .invalidArgument)
  }

  @Test func clientCertificates() async throws {
    let authorities = certificates.file("ca.pem")
    let required = serverTLS("server", .required(authorities: authorities))
    let optional = serverTLS("server", .optional(authorities: authorities))
    #expect(try await outcome(required, clientTLS(identity: "client")).status == .ok)
    #expect(try await outcome(optional, clientTLS(identity: "client")).status == .ok)
    #expect(try await outcome(optional, clientTLS()).status == .ok)
    let (none, counters) = try await outcome(required, clientTLS())
    #expect(none.code == .unavailable)
    #expect(none.message.contains("the peer requires a client certificate"))
    #expect(counters.failedTLS == 1)
    let stranger = serverTLS("server", .required(authorities: certificates.file("other-ca.pem")))
    #expect(try await outcome(stranger, clientTLS(identity: "client")).status.code == .unavailable)
  }

  @Test func plaintextClientAtTLSServer() async throws {
    let (ending, counters) = try await outcome(serverTLS(), nil)
    #expect(ending.code == .unavailable)
    #expect(counters.failedTLS == 1)
  }

  @Test func tlsClientAtPlaintextServer() async throws {
    let server = try await Loopback.server()
    let ending = await status { _ = try await Loopback.client(server, tls: clientTLS()) }
    #expect(ending.code == .unavailable)
    #expect(ending.message.contains("TLS"))
    await server.drain(timeout: .seconds(5))
  }

  @Test func clientWithoutALPNIsClosed() async throws {
    let server = try await Loopback.server(tls: serverTLS())
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .none
    let socket = try await RawSocket(port: server.port, tls: NIOSSLContext(configuration: configuration))
    try await socket.closed()
    await server.drain(timeout: .seconds(5))
    #expect(server.counters.failedProtocol == 1)
  }

  @Test func serverWithoutALPNIsRefused() async throws {
    let configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.file("server.pem")).map {
        .certificate($0)
      },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.file("server.key"), format: .pem)))
    let server = try await RawServer(tls: NIOSSLContext(configuration: configuration))
    let ending = await status {
      _ = try await GRPCClient.connect(
        to: Target(host: "127.0.0.1", port: server.port), tls: clientTLS(), group: Loopback.group)
    }
    #expect(
      ending
        == Status(
          .unavailable,
          "127.0.0.1:\(server.port): TLS: the peer negotiated no protocol; ALPN \"h2\" is required"))
    try await server.close()
  }

  @Test func oldTLSIsRefused() async throws {
    let server = try await Loopback.server(tls: serverTLS())
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .none
    configuration.applicationProtocols = ["h2"]
    configuration.minimumTLSVersion = .tlsv1
    configuration.maximumTLSVersion = .tlsv11
    let socket = try await RawSocket(port: server.port, tls: NIOSSLContext(configuration: configuration))
    try await socket.closed()
    await server.drain(timeout: .seconds(5))
    #expect(server.counters.failedTLS == 1)
  }

  @Test func wrongFilesAreNamed() async throws {
    let missing = await status {
      _ = try await Loopback.server(tls: ServerTLS(certificateFile: "/no/such.pem", keyFile: "/no/such.key"))
    }
    #expect(missing.code == .invalidArgument)
    #expect(missing.message.contains("TLS certificate /no/such.pem"))
    let mixed = ServerTLS(
      certificateFile: certificates.file("server.pem"), keyFile: certificates.file("client.key"))
    #expect(await status { _ = try await Loopback.server(tls: mixed) }.code == .invalidArgument)
  }

  @Test func replacedCertificateIsShownToNewConnections() async throws {
    let server = try await Loopback.server(tls: serverTLS("elsewhere"))
    let pinned = ClientTLS(trust: .pinned(sha256: try certificates.fingerprint("elsewhere")))
    let old = try await Loopback.client(server, tls: pinned)
    try server.replaceTLS(serverTLS("server"))
    let new = try await Loopback.client(server, tls: clientTLS())
    #expect(try await old.unary(Peer.unary, "old") == "old")
    #expect(try await new.unary(Peer.unary, "new") == "new")
    await old.close()
    await new.close()
    await server.drain(timeout: .seconds(5))
  }

  @Test func large() async throws {
    let server = try await Loopback.server(tls: serverTLS())
    let client = try await Loopback.client(server, tls: clientTLS())
    let stream = try await client.serverStreaming(Peer.expand, "200 100000")
    var total = 0
    for try await message in stream { total += message.bytes.count }
    #expect(total == 20_000_000)
    await client.close()
    await server.drain(timeout: .seconds(5))
  }
}
