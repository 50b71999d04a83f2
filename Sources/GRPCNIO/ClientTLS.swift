import GRPC
import NIOCore
import NIOSSL

/// What a client trusts and shows in TLS. Always TLS 1.2 or newer with ALPN `h2`.
public struct ClientTLS: Sendable {
  /// Whom the client believes.
  public enum Trust: Sendable {
    /// The distribution's certificate authorities; the server's name is checked.
    case systemRoots
    /// The authorities in a PEM file and no others; the server's name is checked.
    case authorities(file: String)
    /// Exactly the certificate whose DER encoding has this SHA-256 (32 bytes), whoever signed it and whatever
    /// name it carries.
    case pinned(sha256: [UInt8])
  }

  /// A client's own certificate.
  public struct Identity: Sendable {
    /// PEM file: the certificate first, then its intermediates.
    public var certificateFile: String
    /// PEM file of the certificate's private key.
    public var keyFile: String

    /// Names the files; they are read on connecting.
    public init(certificateFile: String, keyFile: String) {
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  /// Whom the client believes.
  public var trust: Trust
  /// The name the certificate must carry, when it is not the host that is connected to.
  public var serverName: String?
  /// The certificate shown when the server asks for one.
  public var identity: Identity?

  /// Trusts the system's authorities unless told otherwise.
  public init(trust: Trust = .systemRoots, serverName: String? = nil, identity: Identity? = nil) {
    self.trust = trust
    self.serverName = serverName
    self.identity = identity
  }

  /// Reads the files. INVALID_ARGUMENT names the one that is wrong.
  func makeContext() throws(Status) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    TLSProtocols.restrict(&configuration)
    // GOAWAY has said goodbye already, and not every server answers TLS's own.
    configuration.shutdownTimeout = .milliseconds(100)
    switch trust {
    case .systemRoots:
      break
    case .authorities(let file):
      configuration.trustRoots = .certificates(try TLSProtocols.certificates(file, "CA"))
    case .pinned(let digest):
      guard digest.count == SHA256.digestBytes else {
        throw Status(
          .invalidArgument, "a pinned SHA-256 has \(SHA256.digestBytes) bytes, not \(digest.count)")
      }
      configuration.certificateVerification = .noHostnameVerification
    }
    if let identity {
      let chain = try TLSProtocols.certificates(identity.certificateFile, "client certificate")
      configuration.certificateChain = chain.map { .certificate($0) }
      configuration.privateKey = .privateKey(try TLSProtocols.privateKey(identity.keyFile))
    }
    return try TLSProtocols.context(configuration)
  }

  /// The handler for one connection to `host`.
  func makeHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
    let name = serverName ?? host
    // An IP address has no place in SNI; NIOSSL then checks the address that the socket is connected to.
    let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
    if case .pinned(let digest) = trust {
      return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name) {
        chain, verdict in
        let shown = (try? chain.first?.toDERBytes()).map(SHA256.digest(of:))
        verdict.succeed(shown == digest ? .certificateVerified : .failed)
      }
    }
    guard !isAddress else { return try NIOSSLClientHandler(context: context, serverHostname: nil) }
    return try NIOSSLClientHandler._makeSSLClientHandler(
      context: context, serverHostname: name,
      additionalPeerCertificateVerificationCallback: { certificate, channel in
        channel.eventLoop.makeCompletedFuture { try ServerName.check(name, in: certificate) }
      })
  }
}
