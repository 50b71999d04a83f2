extension SourceCatalogue {
  /// Protocols, sockets and connections, as the kernel's files count them.
  static let network: [SourceKind] = []
}
