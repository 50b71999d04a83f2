public import ProcFS

/// A source as the catalogue lists it: what it is called, what it reads, what it shows, and how one is made.
public struct SourceKind: Sendable {
  /// What it is called in `muster_collector_source_up{source=…}`, in logs, in settings and configs.
  public let name: String
  /// The files and system calls it asks, for people: `/proc/stat`, `/sys/class/thermal/*`, `adjtimex(2)`.
  public let reads: [String]
  /// What one must know to understand its numbers, Markdown; empty if nothing.
  public let about: String
  /// How often it is read, where samples are taken more often, unless the settings say otherwise; nil: with every
  /// sample.
  public let interval: Duration?
  /// What its user lacks when it is denied, and how a unit gives that; empty: what holds for any file.
  public let whenDenied: String
  /// Whether reading it may take long, or for ever: a device is asked, and may not answer. Such a source is read
  /// on a thread of its own, and shown when it has answered.
  public let mayBlock: Bool
  /// Every metric it can show.
  public let metrics: [Metric]
  /// Makes one for a host.
  let make: @Sendable (SourceContext) -> any Source

  init(
    _ name: String, reads: [String], about: String = "", interval: Duration? = nil, mayBlock: Bool = false,
    whenDenied: String = "", metrics: [Metric], make: @escaping @Sendable (SourceContext) -> any Source
  ) {
    self.name = name
    self.reads = reads
    self.about = about
    self.interval = interval
    self.whenDenied = whenDenied
    self.mayBlock = mayBlock
    self.metrics = metrics
    self.make = make
  }
}

/// What a source is made for: the host, and what is left out of it.
public struct SourceContext: Sendable {
  /// Where the host's files are.
  public let root: ProcRoot
  /// What sources leave out.
  public let filters: FilterSettings
  /// Where people's own metrics are; empty: nowhere.
  public var textfileDirectory = ""
  /// System calls other than reading files.
  public let calls: KernelCalls
  /// Nanoseconds, never going back; may be called from any thread.
  public let clock: @Sendable () -> Int64
}
