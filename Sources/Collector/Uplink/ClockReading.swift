public import GRPC

/// "Now", as the uplink is told it: it reads no clock itself.
public struct ClockReading: Hashable, Sendable {
  /// A clock that nobody sets; it should run on while the machine sleeps, so that a connection that
  /// slept too long is noticed at once.
  public var instant: Instant
  /// The wall clock, microseconds since 1970.
  public var wallMicroseconds: Int64

  /// One reading.
  public init(instant: Instant, wallMicroseconds: Int64) {
    self.instant = instant
    self.wallMicroseconds = wallMicroseconds
  }
}
