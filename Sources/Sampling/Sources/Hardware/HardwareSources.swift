extension SourceCatalogue {
  /// Sensors, power, memory errors: what there is depends on the machine.
  static let hardware: [SourceKind] = []
}
