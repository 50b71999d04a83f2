/// One series' new value within a frame.
public struct HotChange: Hashable, Sendable {
  /// The series: the caller's dense numbering, from 0.
  public var index: UInt32
  /// The new value itself, not a difference.
  public var raw: Int64

  /// A change of the series `index` to `raw`.
  public init(index: UInt32, raw: Int64) {
    self.index = index
    self.raw = raw
  }
}

/// One frame as a reader sees it: every selected series at one moment.
///
/// The pointers are valid during the call that hands the frame out, and not longer.
public struct HotFrame: ~Copyable {
  /// The frame's place in its store: the first one ever appended is 0, each next one is one more.
  public let ordinal: Int
  /// When the values were read: microseconds since 1970 by the host's clock.
  public let timeMicroseconds: Int64
  /// Raw values, one per selected series, in the order of the selection. Where `present` is false the
  /// value means nothing.
  public let values: UnsafeBufferPointer<Int64>
  /// Whether the host had the series at that moment.
  public let present: UnsafeBufferPointer<Bool>
}
