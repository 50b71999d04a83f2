import COpenSSL

/// The peer's certificate, judged while the handshake waits: a peer that is refused learns nothing of this host,
/// its client certificate least of all.
extension TLSChannel {
  /// OpenSSL's callback: 1 accepts.
  static func verify(_ store: OpaquePointer?) -> Int32 {
    let index = openSSL.SSL_get_ex_data_X509_STORE_CTX_idx()
    guard let store, let data = openSSL.X509_STORE_CTX_get_ex_data(store, index),
      let channel = openSSL.SSL_get_ex_data(OpaquePointer(data), selfIndex)
    else { return 0 }
    return Unmanaged<TLSChannel>.fromOpaque(channel).takeUnretainedValue().accepts(store) ? 1 : 0
  }

  private func accepts(_ store: OpaquePointer) -> Bool {
    guard let leaf = openSSL.X509_STORE_CTX_get0_cert(store) else { return false }
    if let pin = context.settings.pinnedSHA256 {
      guard PeerCertificate.digest(leaf) == pin else {
        let seen = PeerCertificate.digest(leaf)?.description ?? "unknown"
        return refuse(store, "certificate is not the one of tls.pinned_sha256: its SHA-256 is \(seen)")
      }
      if context.settings.caFile == nil { return accept(store) }
    }
    if openSSL.X509_verify_cert(store) == 1 { return true }
    let code = openSSL.X509_STORE_CTX_get_error(store)
    refusal = LinkError(.certificate, reason(code, leaf: leaf))
    return false
  }

  private func accept(_ store: OpaquePointer) -> Bool {
    openSSL.X509_STORE_CTX_set_error(store, X509_V_OK)
    return true
  }

  private func refuse(_ store: OpaquePointer, _ message: String) -> Bool {
    openSSL.X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION)
    refusal = LinkError(.certificate, message)
    return false
  }

  private func reason(_ code: Int32, leaf: OpaquePointer) -> String {
    switch code {
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      let names = PeerCertificate.names(leaf).joined(separator: ", ")
      return "certificate is for \(names.isEmpty ? "no name" : names), not \(name); set tls.server_name"
    default:
      let known = openSSL.X509_verify_cert_error_string(Int(code))
      let text = known.map { String(cString: $0) } ?? "error \(code)"
      return "certificate verify failed: \(text)\(advice(code, leaf: leaf))"
    }
  }

  private func advice(_ code: Int32, leaf: OpaquePointer) -> String {
    switch code {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      guard let file = context.settings.caFile else { return "; set tls.ca_file or tls.pinned_sha256" }
      return "; tls.ca_file (\(file)) does not hold its issuer"
    case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
      guard let dates = PeerCertificate.dates(leaf) else { return "; check this host's clock" }
      return "; the peer's is valid from \(dates.from) until \(dates.until); check this host's clock"
    default:
      return ""
    }
  }
}
