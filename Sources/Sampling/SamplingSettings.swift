/// How one source is to be read.
public struct SourceSettings: Hashable, Sendable {
  /// Whether it is read at all. The series of one that is not are absent.
  public var isEnabled: Bool
  /// How often it is read, on the wall clock's multiples; in between its values stay as they are. nil: with
  /// every sample.
  public var interval: Duration?

  /// Read with every sample, unless told otherwise.
  public init(isEnabled: Bool = true, interval: Duration? = nil) {
    self.isEnabled = isEnabled
    self.interval = interval
  }
}

/// What a sampler reads, and what it leaves out.
public struct SamplingSettings: Hashable, Sendable {
  /// What sources leave out.
  public var filters: FilterSettings
  /// By the names of sources. One that is not named is read with every sample.
  public var sources: [String: SourceSettings]
  /// Where people's own metrics are, an absolute path; empty: nowhere.
  public var textfileDirectory: String

  /// Everything, with the default filters.
  public init(
    filters: FilterSettings = FilterSettings(), sources: [String: SourceSettings] = [:],
    textfileDirectory: String = ""
  ) {
    self.filters = filters
    self.sources = sources
    self.textfileDirectory = textfileDirectory
  }
}
