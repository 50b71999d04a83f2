import COpenSSL

/// Owner of an `SSL_CTX`: what `LinkTLS` says, with its files read. Made once for a link and used by all its connections.
///
/// Sessions are not resumed: every connection proves its certificates anew, so that a revoked one is worth nothing,
/// and a ticket's memory is not held for the minutes between two connections.
final class TLSContext {
  let settings: LinkTLS
  let bio: SocketBIO
  let pointer: OpaquePointer

  /// Reads the files. Throws `.configuration` that names the setting and the file.
  init(_ settings: LinkTLS) throws(LinkError) {
    try OpenSSL.load()
    TLSErrorQueue.clear()
    guard let bio = SocketBIO(), let pointer = openSSL.SSL_CTX_new(openSSL.TLS_client_method()) else {
      throw LinkError(.configuration, "OpenSSL cannot be set up: \(TLSErrorQueue.takeText())")
    }
    self.settings = settings
    self.bio = bio
    self.pointer = pointer

    guard copenssl_ctx_set_min_version(OpenSSL.functions, pointer, TLS1_2_VERSION) == 1,
      openSSL.SSL_CTX_set_alpn_protos(pointer, Self.protocols, UInt32(Self.protocols.count)) == 0
    else { throw LinkError(.configuration, "OpenSSL cannot be set up: \(TLSErrorQueue.takeText())") }
    copenssl_ctx_set_stream_modes(OpenSSL.functions, pointer)
    copenssl_ctx_set_strict_options(OpenSSL.functions, pointer)
    // A daemon has nobody to ask: without this an encrypted key prompts on the terminal.
    openSSL.SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in -1 }
    openSSL.SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
    openSSL.SSL_CTX_set_cert_verify_callback(pointer, { store, _ in TLSChannel.verify(store) }, nil)
    try loadTrust()
    try loadIdentity()
  }

  deinit { openSSL.SSL_CTX_free(pointer) }

  /// RFC 7301: each name behind its length.
  private static let protocols: [UInt8] = [2] + Array("h2".utf8)

  private func loadTrust() throws(LinkError) {
    if let file = settings.caFile {
      try require(openSSL.SSL_CTX_load_verify_file(pointer, file), "tls.ca_file", file)
      // The file may hold an intermediate, or the very certificate: what is in it is trusted.
      let parameters = openSSL.SSL_CTX_get0_param(pointer)
      _ = openSSL.X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    } else if settings.pinnedSHA256 == nil {
      guard openSSL.SSL_CTX_set_default_verify_paths(pointer) == 1 else {
        throw LinkError(
          .configuration, "the system's trusted certificates cannot be read: \(TLSErrorQueue.takeText())")
      }
    }
  }

  private func loadIdentity() throws(LinkError) {
    switch (settings.certificateFile, settings.keyFile) {
    case (nil, nil):
      return
    case (_?, nil):
      throw LinkError(.configuration, "tls.certificate_file is set and tls.key_file is not")
    case (nil, _?):
      throw LinkError(.configuration, "tls.key_file is set and tls.certificate_file is not")
    case (let certificate?, let key?):
      try require(
        openSSL.SSL_CTX_use_certificate_chain_file(pointer, certificate), "tls.certificate_file", certificate)
      try require(openSSL.SSL_CTX_use_PrivateKey_file(pointer, key, SSL_FILETYPE_PEM), "tls.key_file", key)
    }
  }

  private func require(_ answer: Int32, _ setting: String, _ file: String) throws(LinkError) {
    guard answer != 1 else { return }
    throw LinkError(.configuration, "\(setting): \(file): \(Self.reason(TLSErrorQueue.take()))")
  }

  /// What is wrong with a file, in words that its owner knows.
  private static func reason(_ entry: TLSErrorQueue.Entry?) -> String {
    guard let entry else { return "cannot be used" }
    return switch (entry.library, entry.reason) {
    case (ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH), (ERR_LIB_X509, X509_R_KEY_TYPE_MISMATCH):
      "the key does not belong to the certificate of tls.certificate_file"
    case (ERR_LIB_X509, X509_R_NO_CERTIFICATE_FOUND), (ERR_LIB_X509, X509_R_NO_CERTIFICATE_OR_CRL_FOUND),
      (ERR_LIB_PEM, PEM_R_NO_START_LINE):
      "not a PEM file with what is expected here"
    case (_, copenssl_reason_no_password), (ERR_LIB_PEM, PEM_R_BAD_PASSWORD_READ):
      "the key is encrypted; it must be readable without a password"
    default: entry.text
    }
  }
}
