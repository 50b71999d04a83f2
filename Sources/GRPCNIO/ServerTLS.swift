import GRPC
import NIOSSL

/// What a server shows and asks for in TLS. Always TLS 1.2 or newer with ALPN `h2`.
public struct ServerTLS: Sendable {
  /// Whether a client must show a certificate.
  public enum ClientCertificates: Sendable {
    /// None is asked for.
    case none
    /// Asked for; one that is shown must be signed by an authority in the PEM file.
    case optional(authorities: String)
    /// A connection without one signed by an authority in the PEM file is refused.
    case required(authorities: String)
  }

  /// PEM file: the server's certificate first, then its intermediates.
  public var certificateFile: String
  /// PEM file of the certificate's private key.
  public var keyFile: String
  /// Whether clients show certificates, and who signs them.
  public var clientCertificates: ClientCertificates

  /// Names the files; they are read when the server starts.
  public init(certificateFile: String, keyFile: String, clientCertificates: ClientCertificates = .none) {
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.clientCertificates = clientCertificates
  }

  /// Reads the files. INVALID_ARGUMENT names the one that is wrong.
  func makeContext() throws(Status) -> NIOSSLContext {
    let chain = try TLSProtocols.certificates(certificateFile, "TLS certificate")
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) },
      privateKey: .privateKey(try TLSProtocols.privateKey(keyFile)))
    TLSProtocols.restrict(&configuration)
    switch clientCertificates {
    case .none:
      configuration.certificateVerification = .none
    case .optional(let file):
      configuration.trustRoots = .certificates(try TLSProtocols.certificates(file, "client CA"))
      configuration.certificateVerification = .optionalVerification
    case .required(let file):
      configuration.trustRoots = .certificates(try TLSProtocols.certificates(file, "client CA"))
      configuration.certificateVerification = .noHostnameVerification
    }
    return try TLSProtocols.context(configuration)
  }
}
