/// A point on a monotonic clock, handed in by whoever drives a connection.
///
/// Only differences mean anything: the origin is the driver's (CLOCK_MONOTONIC in programs, zero in a
/// simulation). Arithmetic saturates, so that a timeout from the wire can never overflow.
public struct Instant: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// Nanoseconds since the clock's origin.
  public var nanoseconds: Int64

  /// A point `nanoseconds` after the clock's origin.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Later than any instant a clock reaches.
  public static let distantFuture = Instant(nanoseconds: .max)

  /// Which of two instants comes first.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The instant `duration` later; saturates at the ends of the range.
  public static func + (instant: Instant, duration: Duration) -> Instant {
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
    guard overflow else { return Instant(nanoseconds: sum) }
    return Instant(nanoseconds: duration < .zero ? .min : .max)
  }

  /// The instant `duration` earlier; saturates at the ends of the range.
  public static func - (instant: Instant, duration: Duration) -> Instant {
    let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(
      duration.saturatedNanoseconds)
    guard overflow else { return Instant(nanoseconds: difference) }
    return Instant(nanoseconds: duration < .zero ? .max : .min)
  }

  /// The time from `earlier` to `later`; negative when they are the other way round.
  public static func - (later: Instant, earlier: Instant) -> Duration {
    let (difference, overflow) = later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    guard overflow else { return .nanoseconds(difference) }
    return .nanoseconds(later.nanoseconds < 0 ? Int64.min : Int64.max)
  }

  /// Moves this instant `duration` later.
  public static func += (instant: inout Instant, duration: Duration) {
    instant = instant + duration
  }

  /// Seconds with nine decimals.
  public var description: String {
    "\(Duration.nanoseconds(nanoseconds))"
  }
}

extension Duration {
  /// This duration in whole nanoseconds, saturating at ±292 years.
  public var saturatedNanoseconds: Int64 { saturated(unitsPerSecond: 1_000_000_000) }

  /// Whole microseconds, rounded towards zero; saturates at the ends of `Int64`.
  public var saturatedMicroseconds: Int64 { saturated(unitsPerSecond: 1_000_000) }

  private func saturated(unitsPerSecond: Int64) -> Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: unitsPerSecond)
    let fraction = attoseconds / (1_000_000_000_000_000_000 / unitsPerSecond)
    let (sum, overflowAgain) = scaled.addingReportingOverflow(fraction)
    guard overflow || overflowAgain else { return sum }
    return seconds < 0 ? .min : .max
  }
}
