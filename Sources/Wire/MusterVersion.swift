/// The version that collector, aggregator and CLI report, and that every package carries.
public enum MusterVersion {
  /// Semantic versioning, without a leading "v".
  public static let current = "0.1.0"
}
