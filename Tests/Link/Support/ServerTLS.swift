import COpenSSL

/// The server's half of TLS over memory: wire bytes in and out, payload in and out.
final class ServerTLS {
  /// What the server answers when the client offers `h2`.
  enum Protocols {
    case http2, none, refused
  }

  struct Settings {
    var certificate: TestCertificates.Pair
    var protocols = Protocols.http2
    var maximumVersion: Int32 = TLS1_3_VERSION
    /// Requires client certificates of this authority.
    var clientAuthority: String?

    init(_ certificate: TestCertificates.Pair) { self.certificate = certificate }
  }

  private let context: OpaquePointer
  private let ssl: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  private var queued: [UInt8] = []
  /// The client broke TLS, or refused it.
  private(set) var hasFailed = false

  init(_ settings: Settings) {
    context = SSL_CTX_new(TLS_server_method())
    // Debian's security level 2 knows no TLS 1.1, and this end has to.
    SSL_CTX_set_security_level(context, 0)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_VERSION), nil)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(settings.maximumVersion), nil)
    SSL_CTX_use_certificate_chain_file(context, settings.certificate.certificate)
    SSL_CTX_use_PrivateKey_file(context, settings.certificate.key, SSL_FILETYPE_PEM)
    if let authority = settings.clientAuthority {
      SSL_CTX_load_verify_file(context, authority)
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
    switch settings.protocols {
    case .http2:
      SSL_CTX_set_alpn_select_cb(
        context, { _, out, outCount, offered, count, _ in ServerTLS.select(out, outCount, offered, count) },
        nil)
    case .refused:
      SSL_CTX_set_alpn_select_cb(context, { _, _, _, _, _, _ in SSL_TLSEXT_ERR_ALERT_FATAL }, nil)
    case .none: break
    }
    ssl = SSL_new(context)
    incoming = BIO_new(BIO_s_mem())
    outgoing = BIO_new(BIO_s_mem())
    SSL_set_bio(ssl, incoming, outgoing)
    SSL_set_accept_state(ssl)
  }

  deinit {
    SSL_free(ssl)
    SSL_CTX_free(context)
  }

  /// The name that the client asked for.
  var requestedName: String? {
    SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
  }

  var hasClientCertificate: Bool { SSL_get0_peer_certificate(ssl) != nil }

  /// Takes wire bytes; returns the payload in them.
  func receive(_ wire: [UInt8]) -> [UInt8] {
    ERR_clear_error()
    BIO_write(incoming, wire, Int32(wire.count))
    var payload: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = SSL_read(ssl, &buffer, Int32(buffer.count))
      guard count > 0 else {
        hasFailed = hasFailed || SSL_get_error(ssl, count) == SSL_ERROR_SSL
        return payload
      }
      payload += buffer.prefix(Int(count))
    }
  }

  /// Queues payload, for after the handshake.
  func send(_ payload: [UInt8]) {
    queued += payload
  }

  func finish() { SSL_shutdown(ssl) }

  /// Wire bytes to send.
  func output() -> [UInt8] {
    ERR_clear_error()
    if SSL_is_init_finished(ssl) == 1, !queued.isEmpty {
      SSL_write(ssl, queued, Int32(queued.count))
      queued = []
    }
    var wire: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = BIO_read(outgoing, &buffer, Int32(buffer.count))
      guard count > 0 else { return wire }
      wire += buffer.prefix(Int(count))
    }
  }

  private static func select(
    _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ outCount: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?, _ count: UInt32
  ) -> Int32 {
    guard let offered, count >= 3, offered[0] == 2, offered[1] == UInt8(ascii: "h"),
      offered[2] == UInt8(ascii: "2")
    else { return SSL_TLSEXT_ERR_NOACK }
    out?.pointee = offered + 1
    outCount?.pointee = 2
    return SSL_TLSEXT_ERR_OK
  }
}
