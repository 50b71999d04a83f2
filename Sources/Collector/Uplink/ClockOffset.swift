import GRPC

/// The difference "aggregator's clock minus ours", measured as NTP does (RFC 5905, section 8).
///
/// A reply that took `roundTrip` was stamped somewhere within it; assuming the middle is wrong by at
/// most half. So of the last measurements the one with the shortest round trip is believed.
public struct ClockOffset: Hashable, Sendable {
  /// Measurements that are remembered.
  public static let window = 8

  /// One exchange.
  public struct Measurement: Hashable, Sendable {
    /// The aggregator's clock minus ours.
    public var offsetMicroseconds: Int64
    /// From sending the question to receiving the answer.
    public var roundTripMicroseconds: Int64
  }

  private var measurements: [Measurement] = []

  /// Nothing measured yet.
  public init() {}

  /// The measurement to believe; nil before the first.
  public var best: Measurement? {
    measurements.min { $0.roundTripMicroseconds < $1.roundTripMicroseconds }
  }

  /// Adds an exchange: our wall clock when asking, the other's when answering, and how long it took
  /// by a clock that nobody sets.
  public mutating func add(askedWall: Int64, answeredWall: Int64, roundTrip: Duration) {
    let microseconds = max(0, roundTrip.saturatedMicroseconds)
    // The answer's time is whatever the peer says: no overflow may come of it.
    let (difference, overflow) = answeredWall.subtractingReportingOverflow(askedWall)
    guard !overflow else { return }
    let measurement = Measurement(
      offsetMicroseconds: difference &- microseconds / 2, roundTripMicroseconds: microseconds)
    if measurements.count == Self.window { measurements.removeFirst() }
    measurements.append(measurement)
  }

  /// Our clock was set: what was measured against it is worth nothing.
  public mutating func forget() { measurements.removeAll(keepingCapacity: true) }
}
