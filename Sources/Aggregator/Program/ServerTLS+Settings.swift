import GRPCNIO

extension ServerTLS {
  init(_ settings: ServerTLSSettings) {
    self.init(certificateFile: settings.certificateFile, keyFile: settings.keyFile)
    if let authorities = settings.clientCAFile {
      clientCertificates =
        settings.requireClientCertificate
        ? .required(authorities: authorities) : .optional(authorities: authorities)
    }
  }
}
