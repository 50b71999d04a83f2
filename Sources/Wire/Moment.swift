public import GRPC

/// A point in time as both ends of the wire know it: one clock decides (how long ago), the other tells.
/// What decides reads neither; it is passed a moment.
public struct Moment: Hashable, Sendable {
  /// A clock that nobody sets: timeouts, intervals, states. The collector's runs on while the machine
  /// sleeps, so that a connection that slept too long is noticed at once.
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
    Moment(instant: instant + duration, wallMicroseconds: wallMicroseconds &+ duration.saturatedMicroseconds)
  }
}
