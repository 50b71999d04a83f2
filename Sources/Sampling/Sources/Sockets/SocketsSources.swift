extension SourceCatalogue {
  /// What netlink tells: interfaces, neighbours, sockets by state.
  static let sockets: [SourceKind] = []
}
