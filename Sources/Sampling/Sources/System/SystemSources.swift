extension SourceCatalogue {
  /// The kernel's clocks, limits and identity.
  static let system: [SourceKind] = []
}
