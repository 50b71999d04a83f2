/// What all connections of one configuration have in common, held once instead of with each.
final class ConnectionTerms: Sendable {
  let limits: ConnectionLimits
  let codecs: [MessageCodec]

  init(_ limits: ConnectionLimits, codecs: [MessageCodec]) {
    self.limits = limits
    self.codecs = codecs
  }
}

/// The same for a server's connections.
final class ServerTerms: Sendable {
  let configuration: ServerConfiguration
  let connection: ConnectionTerms

  init(_ configuration: ServerConfiguration) {
    self.configuration = configuration
    connection = ConnectionTerms(configuration.limits, codecs: configuration.codecs)
  }
}
