import GRPC
import NIOCore
import NIOSSL

/// What every TLS connection of Muster has in common.
enum TLSProtocols {
  /// HTTP/2's name in ALPN (RFC 9113, section 3.2).
  static let http2 = "h2"

  /// TLS 1.2 and up, ALPN `h2`, and a quarter of a second to say goodbye before the socket is closed anyway: time for a
  /// GOAWAY to arrive. NIOSSL keeps a connection's memory for so long even when its peer has gone before.
  static func restrict(_ configuration: inout TLSConfiguration) {
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = [http2]
    configuration.shutdownTimeout = .milliseconds(250)
  }

  /// Reads certificates; an unreadable or empty file is INVALID_ARGUMENT with the file's name.
  static func certificates(_ file: String, _ what: String) throws(Status) -> [NIOSSLCertificate] {
    let found = try reading(file, what) { try NIOSSLCertificate.fromPEMFile($0) }
    guard !found.isEmpty else { throw Status(.invalidArgument, "\(what) \(file): holds no PEM certificate") }
    return found
  }

  /// Reads a private key; an unreadable file is INVALID_ARGUMENT with the file's name.
  static func privateKey(_ file: String) throws(Status) -> NIOSSLPrivateKey {
    try reading(file, "TLS key") { try NIOSSLPrivateKey(file: $0, format: .pem) }
  }

  /// Joins the parts; a key that is not the certificate's is found here.
  static func context(_ configuration: TLSConfiguration) throws(Status) -> NIOSSLContext {
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      let (_, reason) = OpeningOutcome.explain(error)
      throw Status(.invalidArgument, "TLS cannot be set up: \(reason)")
    }
  }

  private static func reading<Value>(
    _ file: String, _ what: String, _ read: (String) throws -> Value
  ) throws(Status) -> Value {
    do {
      return try read(file)
    } catch {
      throw Status(.invalidArgument, "\(what) \(file): cannot be read as PEM (\(error))")
    }
  }
}
