public import GRPC

/// A point in time as the aggregator knows it: the monotonic clock decides (how long ago), the wall clock tells.
public struct Moment: Hashable, Sendable {
  /// The monotonic clock: timeouts, intervals, states.
  public var instant: Instant
  /// The wall clock: microseconds since 1970.
  public var wallMicroseconds: Int64

  /// Both readings, taken together.
  public init(instant: Instant, wallMicroseconds: Int64) {
    self.instant = instant
    self.wallMicroseconds = wallMicroseconds
  }

  /// The moment `duration` later, by both clocks.
  public func advanced(by duration: Duration) -> Moment {
    Moment(instant: instant + duration, wallMicroseconds: wallMicroseconds &+ duration.wholeMicroseconds)
  }
}

extension Duration {
  /// The duration in microseconds, rounded towards zero, saturating.
  var wholeMicroseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, sumOverflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
    return sumOverflow ? (seconds < 0 ? .min : .max) : sum
  }

  /// The duration in milliseconds, rounded towards zero, within `UInt32`.
  var wholeMilliseconds: UInt32 {
    UInt32(clamping: wholeMicroseconds / 1000)
  }
}
