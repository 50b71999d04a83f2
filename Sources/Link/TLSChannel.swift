import COpenSSL

/// Owner of one `SSL`: a TLS connection on a socket, from handshake to goodbye.
final class TLSChannel: ByteChannel {
  let context: TLSContext
  let end: SocketEnd
  let ssl: OpaquePointer
  /// Host or address that the certificate must be for.
  let name: String
  /// Why this side refused the peer's certificate; set by `verify`.
  var refusal: LinkError?
  /// OpenSSL forbids a goodbye after a fatal failure.
  private var isBroken = false

  /// Prepares a handshake with the peer on `socket`, known to the user as `host`.
  init(_ context: TLSContext, on socket: Socket, host: String) throws(LinkError) {
    TLSErrorQueue.clear()
    let end = SocketEnd(socket)
    guard let ssl = openSSL.SSL_new(context.pointer) else {
      throw LinkError(.tls, "OpenSSL cannot make a connection: \(TLSErrorQueue.takeText())")
    }
    self.context = context
    self.end = end
    self.ssl = ssl
    self.name = Self.certificateName(context.settings.serverName ?? host)
    guard let bio = context.bio.make(on: end) else {
      throw LinkError(.tls, "OpenSSL cannot make a connection: \(TLSErrorQueue.takeText())")
    }
    openSSL.SSL_set_bio(ssl, bio, bio)
    _ = openSSL.SSL_set_ex_data(ssl, Self.selfIndex, Unmanaged.passUnretained(self).toOpaque())
    openSSL.SSL_set_connect_state(ssl)
    try setName()
  }

  deinit { openSSL.SSL_free(ssl) }

  var descriptor: Int32 { end.socket.descriptor }

  var hasBufferedInput: Bool { openSSL.SSL_has_pending(ssl) == 1 }

  /// Negotiated version and cipher, for logs: "TLSv1.3 TLS_AES_256_GCM_SHA384".
  var summary: String {
    let version = openSSL.SSL_get_version(ssl).map { String(cString: $0) } ?? "TLS"
    let current = openSSL.SSL_get_current_cipher(ssl)
    let cipher = openSSL.SSL_CIPHER_get_name(current).map { String(cString: $0) } ?? "no cipher"
    return "\(version) \(cipher)"
  }

  /// Slot of an `SSL` that leads back to its channel.
  static let selfIndex = openSSL.CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nil, nil, nil, nil)

  /// Asks for `name` (SNI, which must not carry an address: RFC 6066, section 3) and has the certificate held to it.
  private func setName() throws(LinkError) {
    guard let parameters = openSSL.SSL_get0_param(ssl) else { return }
    if openSSL.X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
    TLSErrorQueue.clear()
    openSSL.X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    guard openSSL.X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1,
      copenssl_set_server_name(OpenSSL.functions, ssl, name) == 1
    else {
      throw LinkError(.configuration, "\(name): not a name that TLS can ask for: \(TLSErrorQueue.takeText())")
    }
  }

  /// A host as certificates write it: without the root's dot and without an IPv6 zone.
  static func certificateName(_ host: String) -> String {
    var name = Substring(host)
    if name.utf8.contains(UInt8(ascii: ":")), let zone = name.firstIndex(of: "%") { name = name[..<zone] }
    if name.utf8.count > 1, name.hasSuffix(".") { name = name.dropLast() }
    return String(name)
  }

  // MARK: Moving bytes

  enum HandshakeOutcome {
    case done
    case blocked(Wait)
    case failed(LinkError)
  }

  /// Goes on with the handshake as far as the socket allows.
  func handshake() -> HandshakeOutcome {
    begin()
    let answer = openSSL.SSL_do_handshake(ssl)
    guard answer != 1 else { return selectedHTTP2 ? .done : .failed(TLSFailure.noHTTP2) }
    switch openSSL.SSL_get_error(ssl, answer) {
    case SSL_ERROR_WANT_READ: return .blocked(.readable)
    case SSL_ERROR_WANT_WRITE: return .blocked(.writable)
    default: return .failed(refusal ?? TLSFailure.handshake(end))
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    begin()
    var count = 0
    let answer = openSSL.SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
    guard answer != 1 else { return .bytes(count) }
    switch openSSL.SSL_get_error(ssl, answer) {
    case SSL_ERROR_WANT_READ: return .blocked(.readable)
    case SSL_ERROR_WANT_WRITE: return .blocked(.writable)
    case SSL_ERROR_ZERO_RETURN: return .endOfStream
    default:
      isBroken = true
      return end.isAtEnd ? .endOfStream : .failed(TLSFailure.established(end))
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> WriteOutcome {
    begin()
    var count = 0
    let answer = openSSL.SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
    guard answer != 1 else { return .bytes(count) }
    switch openSSL.SSL_get_error(ssl, answer) {
    case SSL_ERROR_WANT_READ: return .blocked(.readable)
    case SSL_ERROR_WANT_WRITE: return .blocked(.writable)
    default:
      isBroken = true
      return .failed(TLSFailure.established(end))
    }
  }

  func finishWriting() {
    TLSErrorQueue.clear()
    if !isBroken { _ = openSSL.SSL_shutdown(ssl) }
    TLSErrorQueue.clear()
    end.socket.finishSending()
  }

  /// Forgets earlier failures, so that what is found after an operation is its own.
  private func begin() {
    TLSErrorQueue.clear()
    end.failure = nil
  }

  private var selectedHTTP2: Bool {
    var bytes: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    openSSL.SSL_get0_alpn_selected(ssl, &bytes, &count)
    return UnsafeBufferPointer(start: bytes, count: Int(count)).elementsEqual("h2".utf8)
  }
}
