extension SourceCatalogue {
  /// People's own metrics.
  static let textfile: [SourceKind] = []
}
