import COpenSSL
import GRPC
import Testing

@testable import Link

@Suite("A link with TLS")
struct TLSTests {
  private static let files = TestCertificates.shared
  private static func pin(_ pair: TestCertificates.Pair) -> CertificatePin? {
    CertificatePin(files.fingerprint(pair))
  }

  struct Accepted: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let server: TestCertificates.Pair
    let tls: LinkTLS
  }

  static let accepted = [
    Accepted(
      testDescription: "our authority, address in the certificate", server: files.server,
      tls: LinkTLS(caFile: files.authority.certificate)),
    Accepted(
      testDescription: "our authority, name in the certificate", server: files.server,
      tls: LinkTLS(caFile: files.authority.certificate, serverName: "localhost")),
    Accepted(
      testDescription: "a name with the root's dot", server: files.server,
      tls: LinkTLS(caFile: files.authority.certificate, serverName: "localhost.")),
    Accepted(
      testDescription: "self-signed, as its own authority", server: files.selfSigned,
      tls: LinkTLS(caFile: files.selfSigned.certificate)),
    Accepted(
      testDescription: "the very certificate as ca_file", server: files.server,
      tls: LinkTLS(caFile: files.server.certificate)),
    Accepted(
      testDescription: "pinned, self-signed", server: files.selfSigned,
      tls: LinkTLS(pinnedSHA256: pin(files.selfSigned))),
    Accepted(
      testDescription: "pinned, for another name", server: files.elsewhere,
      tls: LinkTLS(pinnedSHA256: pin(files.elsewhere))),
    Accepted(
      testDescription: "pinned, expired", server: files.expired,
      tls: LinkTLS(pinnedSHA256: pin(files.expired))),
    Accepted(
      testDescription: "pinned and our authority", server: files.server,
      tls: LinkTLS(caFile: files.authority.certificate, pinnedSHA256: pin(files.server))),
  ]

  @Test(arguments: accepted)
  func `accepts`(_ row: Accepted) throws {
    let peer = Peer(.grpc(.test), tls: ServerTLS.Settings(row.server))
    let bench = Bench(Link(to: peer.port, tls: row.tls), peer)
    let event = bench.open()
    #expect(event?.isConnected == true, "\(event?.error?.message ?? "")")
    #expect(bench.link.peer?.hasPrefix("127.0.0.1:\(peer.port) (TLSv1.3 TLS_") == true)
    let asked = row.tls.serverName.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
    #expect(peer.tls?.requestedName == asked)

    let heard = Heard()
    let call = try bench.link.start(Paths.echo, heard)
    call.send(Blob([1, 2, 3]))
    call.halfClose()
    bench.run("the status") { heard.status == .ok }
    #expect(heard.messages == [[1, 2, 3]])
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var server = ServerTLS.Settings(files.server)
    var tls = LinkTLS(caFile: files.authority.certificate)
    let error: LinkError

    init(
      _ name: String, server: TestCertificates.Pair = files.server, protocols: ServerTLS.Protocols = .http2,
      maximumVersion: Int32 = TLS1_3_VERSION, clientAuthority: String? = nil,
      tls: LinkTLS = LinkTLS(caFile: files.authority.certificate), _ code: LinkError.Code, _ message: String
    ) {
      testDescription = name
      self.server = ServerTLS.Settings(server)
      self.server.protocols = protocols
      self.server.maximumVersion = maximumVersion
      self.server.clientAuthority = clientAuthority
      self.tls = tls
      error = LinkError(code, message)
    }
  }

  static let refused = [
    Refused(
      "an authority that the system does not know", tls: LinkTLS(), .certificate,
      "certificate verify failed: unable to get local issuer certificate; set tls.ca_file or tls.pinned_sha256"
    ),
    Refused(
      "self-signed", server: files.selfSigned, tls: LinkTLS(), .certificate,
      "certificate verify failed: self-signed certificate; set tls.ca_file or tls.pinned_sha256"),
    Refused(
      "another authority", tls: LinkTLS(caFile: files.otherAuthority.certificate), .certificate,
      "certificate verify failed: unable to get local issuer certificate; "
        + "tls.ca_file (\(files.otherAuthority.certificate)) does not hold its issuer"),
    Refused(
      "a certificate for another address", server: files.elsewhere, .certificate,
      "certificate is for elsewhere.example, not 127.0.0.1; set tls.server_name"),
    Refused(
      "a certificate for another name",
      tls: LinkTLS(caFile: files.authority.certificate, serverName: "aggregator.example"), .certificate,
      "certificate is for localhost, 127.0.0.1, ::1, not aggregator.example; set tls.server_name"),
    Refused(
      "expired", server: files.expired, .certificate,
      "certificate verify failed: certificate has expired; the peer's is valid from "),
    Refused(
      "another pin", tls: LinkTLS(pinnedSHA256: pin(files.elsewhere)), .certificate,
      "certificate is not the one of tls.pinned_sha256: its SHA-256 is \(pin(files.server)?.description ?? "")"
    ),
    Refused(
      "the right pin and another authority",
      tls: LinkTLS(caFile: files.otherAuthority.certificate, pinnedSHA256: pin(files.server)), .certificate,
      "certificate verify failed: unable to get local issuer certificate; tls.ca_file ("),
    Refused(
      "another pin and the right authority",
      tls: LinkTLS(caFile: files.authority.certificate, pinnedSHA256: pin(files.client)), .certificate,
      "certificate is not the one of tls.pinned_sha256"),
    Refused("no ALPN", protocols: .none, .noHTTP2, "peer does not speak HTTP/2 (no ALPN h2)"),
    Refused("ALPN refused", protocols: .refused, .noHTTP2, "peer does not speak HTTP/2 (no ALPN h2)"),
    Refused(
      "TLS 1.1", maximumVersion: TLS1_1_VERSION, .tls,
      "peer offers no TLS version that is accepted here (1.2 or newer)"),
    Refused(
      "no client certificate, TLS 1.2", maximumVersion: TLS1_2_VERSION,
      clientAuthority: files.authority.certificate, .tls,
      "peer refused the TLS handshake: no cipher or certificate in common"),
    Refused(
      "a client certificate of another authority", maximumVersion: TLS1_2_VERSION,
      clientAuthority: files.otherAuthority.certificate,
      tls: LinkTLS(
        caFile: files.authority.certificate, certificateFile: files.client.certificate,
        keyFile: files.client.key),
      .tls, "peer does not accept this host's certificate: it is from an unknown authority"),
  ]

  @Test(arguments: refused)
  func `refuses, and says why`(_ row: Refused) {
    let peer = Peer(.grpc(.test), tls: row.server)
    let bench = Bench(Link(to: peer.port, tls: row.tls), peer)
    let event = bench.open()
    guard case .failed(let error)? = event else {
      Issue.record("expected a failure, heard \(String(describing: event))")
      return
    }
    #expect(error.code == row.error.code)
    let expected = "127.0.0.1:\(peer.port): \(row.error.message)"
    #expect(error.message.hasPrefix(expected), "\(error.message)")
    #expect(bench.link.isIdle)
  }

  @Test func `TLS 1.3 tells only after the handshake that a client certificate is wanted`() {
    var settings = ServerTLS.Settings(Self.files.server)
    settings.clientAuthority = Self.files.authority.certificate
    let peer = Peer(.grpc(.test), tls: settings)
    let bench = Bench(Link(to: peer.port, tls: LinkTLS(caFile: Self.files.authority.certificate)), peer)
    #expect(bench.open()?.isConnected == true)
    let error = bench.nextEvent()?.error
    #expect(error?.code == .tls)
    #expect(error?.message.hasSuffix("set tls.certificate_file and tls.key_file") == true)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `shows its client certificate`(version: Int32) throws {
    var settings = ServerTLS.Settings(Self.files.server)
    settings.clientAuthority = Self.files.authority.certificate
    settings.maximumVersion = version
    let peer = Peer(.grpc(.test), tls: settings)
    let tls = LinkTLS(
      caFile: Self.files.authority.certificate, certificateFile: Self.files.client.certificate,
      keyFile: Self.files.client.key)
    let bench = Bench(Link(to: peer.port, tls: tls), peer)
    #expect(bench.open()?.isConnected == true)
    let heard = Heard()
    let call = try bench.link.start(Paths.echo, heard)
    call.send(Blob([5]))
    call.halfClose()
    bench.run("the status") { heard.status == .ok }
    #expect(peer.tls?.hasClientCertificate == true)
  }

  @Test(arguments: [
    ("SSH-2.0-OpenSSH_9.2\r\n", "peer does not speak TLS: the answer is not a TLS record"),
    ("HTTP/1.1 400 Bad Request\r\n\r\n", "peer does not speak TLS: the answer is not a TLS record"),
    ("\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "peer does not speak TLS"),
  ])
  func `tells that the peer does not speak TLS`(bytes: String, message: String) {
    let peer = Peer(.says(Array(bytes.utf8)))
    let bench = Bench(Link(to: peer.port, tls: LinkTLS()), peer)
    let error = bench.open()?.error
    #expect(error?.code == .tls)
    #expect(error?.message.hasPrefix("127.0.0.1:\(peer.port): \(message)") == true, "\(error?.message ?? "")")
  }

  @Test func `tells that the peer closed in the middle of the handshake`() {
    let peer = Peer(.hangsUp(afterBytes: 1))
    let bench = Bench(Link(to: peer.port, tls: LinkTLS()), peer)
    let error = bench.open()?.error
    #expect(error?.code == .tls)
    #expect(
      error?.message == "127.0.0.1:\(peer.port): peer closed the connection during the TLS handshake"
        || error?.message == "127.0.0.1:\(peer.port): TLS handshake: recv: Connection reset by peer")
  }

  /// Whatever a peer's handshake is cut or broken at, the link fails or connects, in order and in bounded time.
  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `survives a handshake that is cut or damaged anywhere`(version: Int32) {
    var settings = ServerTLS.Settings(Self.files.server)
    settings.maximumVersion = version
    for position in stride(from: 0, through: 1400, by: 61) {
      for damage in [Peer.Damage.cut(position), .flip(position)] {
        let peer = Peer(.grpc(.test), tls: settings, damage: damage)
        let bench = Bench(Link(to: peer.port, tls: LinkTLS(caFile: Self.files.authority.certificate)), peer)
        bench.link.open(at: bench.now)
        bench.settle()
        if bench.events.isEmpty { bench.note(bench.tick(after: .seconds(10))) }
        #expect(bench.events.count >= 1, "\(damage)")
        bench.link.close()
        #expect(bench.link.isIdle)
      }
    }
  }

  @Test func `gives up on a peer that is silent during the handshake`() {
    let peer = Peer(.says([]))
    let bench = Bench(Link(to: peer.port, tls: LinkTLS()), peer)
    bench.link.open(at: bench.now)
    bench.run("the client's hello") { peer.received.count > 100 }
    let error = bench.tick(after: .seconds(10))?.error
    #expect(error == LinkError(.timeout, "127.0.0.1:\(peer.port): no answer to the TLS handshake in time"))
  }

  @Test func `carries a stream one byte at a time, much at once, and a goodbye`() throws {
    let files = Self.files
    for chunk in [1, 65536] {
      let peer = Peer(.grpc(.test), tls: ServerTLS.Settings(files.server), chunk: chunk)
      let bench = Bench(Link(to: peer.port, tls: LinkTLS(caFile: files.authority.certificate)), peer)
      #expect(bench.open()?.isConnected == true)
      let heard = Heard()
      let call = try bench.link.start(chunk == 1 ? Paths.echo : Paths.flood, heard)
      call.send(Blob([1, 2, 3]))
      call.halfClose()
      bench.run("the status") { heard.status == .ok }
      #expect(heard.messages.first?.count == (chunk == 1 ? 3 : 1 << 20))

      bench.link.grpc?.close()
      guard case .closed(nil)? = bench.nextEvent() else {
        Issue.record("expected closed(nil), heard \(bench.events)")
        return
      }
    }
  }

  @Test func `counts what is on the wire, TLS included`() {
    let peer = Peer(.grpc(.test), tls: ServerTLS.Settings(Self.files.server))
    let bench = Bench(Link(to: peer.port, tls: LinkTLS(caFile: Self.files.authority.certificate)), peer)
    _ = bench.open()
    #expect(bench.link.bytesSent > 250)
    #expect(bench.link.bytesReceived > 500)
  }

  @Test func `uses one context for all its connections`() {
    let peer = Peer(.grpc(.test), tls: ServerTLS.Settings(Self.files.server))
    let bench = Bench(Link(to: peer.port, tls: LinkTLS(caFile: Self.files.authority.certificate)), peer)
    for count in 1...3 {
      #expect(bench.open()?.isConnected == true)
      bench.link.close()
      peer.hangUp()
      #expect(peer.connectionCount == count)
    }
  }
}
