import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// How the opening of a connection ended.
enum OpeningOutcome: Sendable {
  case opened
  case failed(Failure, String)

  /// What a failure is counted as.
  enum Failure: Sendable {
    case unreachable
    case tls
    case noProtocol
    case notHTTP2
    case timedOut
    case closed
  }

  /// What went wrong, in words for the person who has to mend it.
  static func explain(_ error: any Error) -> (Failure, String) {
    switch error {
    case let error as NIOConnectionError: (.unreachable, explain(error))
    case let error as IOError: (.unreachable, explain(error))
    case ChannelError.connectTimeout(let time):
      (.timedOut, "timed out while connecting, after \(time.nanoseconds / 1_000_000) ms")
    case NIOSSLError.handshakeFailed(let cause): (.tls, explain(cause))
    case NIOSSLError.uncleanShutdown: (.tls, "TLS: the peer closed the connection during the handshake")
    case let cause as BoringSSLError: (.tls, explain(cause))
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      (.tls, "TLS: the certificate carries neither the expected name nor the address connected to")
    case let error as ServerName.Mismatch: (.tls, "TLS: \(error)")
    case let error as NIOSSLError: (.tls, "TLS: \(error)")
    case let error as NIOSSLExtraError: (.tls, "TLS: \(error)")
    default: (.unreachable, "\(error)")
    }
  }

  private static func explain(_ error: NIOConnectionError) -> String {
    if let refused = error.connectionErrors.first {
      guard let cause = refused.error as? IOError else { return "\(refused.error)" }
      return explain(cause)
    }
    if error.dnsAError != nil || error.dnsAAAAError != nil {
      return "the name \"\(error.host)\" cannot be resolved"
    }
    return "\(error)"
  }

  /// The system's words alone ("Connection refused"), without the call they came from.
  private static func explain(_ error: IOError) -> String {
    String(cString: strerror(error.errnoCode)).lowercased()
  }

  private static func explain(_ error: BoringSSLError) -> String {
    guard case .sslError(let stack) = error, let first = stack.first else {
      return "TLS handshake failed (\(error))"
    }
    let code = reasonCode(first)
    return "TLS: " + (explanations.first { code.contains($0.code) }?.words ?? "handshake failed")
      + " (\(code))"
  }

  /// BoringSSL's reason, as `CERTIFICATE_VERIFY_FAILED`, out of
  /// `Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at file:line`.
  private static func reasonCode(_ error: BoringSSLInternalError) -> String {
    let text = error.description
    let words = text.split(separator: " at ", maxSplits: 1).first.map(String.init) ?? text
    return words.split(separator: ":").last.map(String.init) ?? words
  }

  private static let explanations: [(code: String, words: String)] = [
    ("CERTIFICATE_VERIFY_FAILED", "the peer's certificate is not trusted"),
    ("ALERT_UNKNOWN_CA", "the peer does not trust our certificate"),
    ("ALERT_CERTIFICATE_REQUIRED", "the peer requires a client certificate"),
    ("ALERT_CERTIFICATE_EXPIRED", "the peer says our certificate has expired"),
    ("ALERT_BAD_CERTIFICATE", "the peer refuses our certificate"),
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "the peer presented no certificate"),
    ("NO_APPLICATION_PROTOCOL", "no common protocol; ALPN \"h2\" is required"),
    ("WRONG_VERSION_NUMBER", "the peer does not speak TLS"),
    ("HTTP_REQUEST", "the peer speaks plain HTTP"),
    ("UNSUPPORTED_PROTOCOL", "the peer speaks only TLS versions older than 1.2"),
    ("PROTOCOL_VERSION", "the peer speaks only TLS versions we do not"),
  ]
}
