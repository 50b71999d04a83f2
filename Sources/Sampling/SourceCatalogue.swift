/// Every source there is, in the order they are read.
public enum SourceCatalogue {
  /// What changes with every sample first; what costs more or changes seldom last.
  public static let all: [SourceKind] =
    kernel + network + sockets + system + hardware + storage + cgroups + textfile

  /// What there is of each of them, beside what it shows.
  public static var commonMetrics: [Metric] { SourceSlot.metrics }

  /// The kinds by name.
  public static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
