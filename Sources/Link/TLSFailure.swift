import COpenSSL

/// OpenSSL's failures as sentences that say who did what, and what to do.
enum TLSFailure {
  static let noHTTP2 = LinkError(.noHTTP2, "peer does not speak HTTP/2 (no ALPN h2)")

  /// Why a handshake on `end` failed. Takes the error queue.
  static func handshake(_ end: SocketEnd) -> LinkError {
    let entry = TLSErrorQueue.take()
    if let failure = end.failure { return LinkError(.tls, "TLS handshake: \(failure)") }
    if end.isAtEnd { return LinkError(.tls, "peer closed the connection during the TLS handshake") }
    guard let entry else { return LinkError(.tls, "TLS handshake failed") }
    if entry.isSSL(SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL) { return noHTTP2 }
    return LinkError(.tls, sentence(entry) ?? "TLS handshake failed: \(entry.text)")
  }

  /// Why an established connection on `end` broke. Takes the error queue.
  static func established(_ end: SocketEnd) -> LinkError {
    let entry = TLSErrorQueue.take()
    if let failure = end.failure { return LinkError(.connectionLost, failure) }
    guard let entry else { return LinkError(.connectionLost, "TLS failed") }
    return LinkError(.tls, sentence(entry) ?? "TLS failed: \(entry.text)")
  }

  private static func sentence(_ entry: TLSErrorQueue.Entry) -> String? {
    sentences.first { entry.isSSL($0.reason) }?.text
  }

  private static let notTLS = "peer does not speak TLS: the answer is not a TLS record"
  private static let tooOld = "peer offers no TLS version that is accepted here (1.2 or newer)"
  private static let refusesUs = "peer does not accept this host's certificate"
  private static let wantsCertificate =
    "peer requires a client certificate; set tls.certificate_file and tls.key_file"

  /// Alerts are the peer's words about us, all others are ours about the peer.
  private static let sentences: [(reason: Int32, text: String)] = [
    (SSL_R_WRONG_VERSION_NUMBER, notTLS),
    (SSL_R_PACKET_LENGTH_TOO_LONG, notTLS),
    (SSL_R_RECORD_LENGTH_MISMATCH, notTLS),
    (SSL_R_HTTP_REQUEST, notTLS),
    (SSL_R_UNSUPPORTED_PROTOCOL, tooOld),
    (SSL_R_WRONG_SSL_VERSION, tooOld),
    (SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, tooOld),
    (
      SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,
      "peer refused the TLS handshake: no cipher or certificate in common"
    ),
    (SSL_R_TLSV1_UNRECOGNIZED_NAME, "peer does not know the name asked for; set tls.server_name"),
    (SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, wantsCertificate),
    (SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, refusesUs),
    (SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, "\(refusesUs): unsupported kind"),
    (SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, "\(refusesUs): it is revoked"),
    (SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "\(refusesUs): it has expired"),
    (SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, refusesUs),
    (SSL_R_TLSV1_ALERT_UNKNOWN_CA, "\(refusesUs): it is from an unknown authority"),
    (SSL_R_TLSV1_ALERT_ACCESS_DENIED, "\(refusesUs): access denied"),
  ]
}
