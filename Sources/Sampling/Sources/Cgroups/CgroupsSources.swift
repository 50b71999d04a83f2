extension SourceCatalogue {
  /// Units and containers, processes.
  static let cgroups: [SourceKind] = []
}
