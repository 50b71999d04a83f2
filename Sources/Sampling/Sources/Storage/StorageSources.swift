extension SourceCatalogue {
  /// Arrays, pools and file systems with counters of their own.
  static let storage: [SourceKind] = []
}
