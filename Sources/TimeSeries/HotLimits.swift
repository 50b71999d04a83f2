/// What one host may hold in the hot tier.
public struct HotLimits: Hashable, Sendable {
  /// What `maximumSeries` can be at most: 2^24.
  public static let highestSeriesCount = 1 << 24

  /// How long a frame is kept, in microseconds. Frames are dropped 64 at a time, so the oldest frame is
  /// a little older than this.
  public var retentionMicroseconds: Int64
  /// Bytes of everything held for the host. Beyond it the oldest frames go before their time, which
  /// `HotCounters.framesEvicted` counts. The dense newest values (9 bytes per series) and the head that
  /// is being written are what a very small limit cannot push out.
  public var maximumBytes: Int
  /// Series whose index is not below it are refused, which `HotCounters.changesRefused` counts.
  public var maximumSeries: Int

  /// Limits of one host: five minutes, 8 MiB, 100,000 series, unless said otherwise.
  public init(
    retentionMicroseconds: Int64 = 300_000_000, maximumBytes: Int = 8 << 20, maximumSeries: Int = 100_000
  ) {
    self.retentionMicroseconds = max(0, retentionMicroseconds)
    self.maximumBytes = max(0, maximumBytes)
    self.maximumSeries = min(max(0, maximumSeries), Self.highestSeriesCount)
  }
}

/// What happened to the frames of one host's hot tier since it was made.
public struct HotCounters: Hashable, Sendable {
  /// Frames appended.
  public internal(set) var framesAppended = 0
  /// Frames dropped because they were older than the retention: the normal end of a frame.
  public internal(set) var framesExpired = 0
  /// Frames dropped before their time, because the host reached `HotLimits.maximumBytes`.
  public internal(set) var framesEvicted = 0
  /// Changes left out because their index was not below `HotLimits.maximumSeries`.
  public internal(set) var changesRefused = 0
  /// Frames whose time was before that of the frame before them.
  public internal(set) var stepsBack = 0

  /// All zero.
  public init() {}
}
