/// How a link's TLS proves both ends.
///
/// | set | the peer is accepted when |
/// | --- | --- |
/// | nothing | its chain leads to a root of the system, and its certificate is for the server name |
/// | `caFile` | its chain leads to a certificate of that file, and its certificate is for the server name |
/// | `pinnedSHA256` | its certificate is the pinned one; chain, name and dates are not looked at |
/// | both | its certificate is the pinned one, and all that `caFile` asks for holds as well |
///
/// The files are read once, when the link first opens; new files want a new `Link`.
public struct LinkTLS: Hashable, Sendable {
  /// PEM file of trusted certificates; the system's roots when nil.
  public var caFile: String?
  /// The name (or address) asked for and verified instead of the target's host.
  public var serverName: String?
  /// SHA-256 of the leaf certificate's DER.
  public var pinnedSHA256: CertificatePin?
  /// PEM file of the client's certificate, followed by its intermediates.
  public var certificateFile: String?
  /// PEM file of the client's private key, not encrypted.
  public var keyFile: String?

  /// Describes TLS; without arguments, TLS as a browser would check it.
  public init(
    caFile: String? = nil, serverName: String? = nil, pinnedSHA256: CertificatePin? = nil,
    certificateFile: String? = nil, keyFile: String? = nil
  ) {
    self.caFile = caFile
    self.serverName = serverName
    self.pinnedSHA256 = pinnedSHA256
    self.certificateFile = certificateFile
    self.keyFile = keyFile
  }

  /// Reads every file as opening a link would, and keeps nothing: for a configuration check.
  /// Throws `LinkError` of code `.configuration` that names the setting at fault.
  public func check() throws(LinkError) {
    _ = try TLSContext(self)
  }
}
