internal import CProtobufC
internal import GRPC

/// A collector's regular word: its clock, and the books of its frames.
public struct Heartbeat: Hashable, Sendable {
  /// +1 per heartbeat of a stream; the reply carries the same.
  public var id: UInt64
  /// The collector's clock: microseconds since 1970.
  public var wallTimeMicroseconds: Int64
  /// The last measured difference "aggregator's clock minus ours".
  public var clockOffsetMicroseconds: Int64
  /// The round trip it was measured with; 0: not measured yet.
  public var roundTripMicroseconds: UInt64
  /// Frames of this epoch: collected = acknowledged + buffered + dropped, always.
  public var framesCollected: UInt64
  /// Those the aggregator has acknowledged.
  public var framesAcknowledged: UInt64
  /// Those that wait for it.
  public var framesBuffered: UInt64
  /// Those given up, oldest first.
  public var framesDropped: UInt64
  /// How often the collector samples now.
  public var intervalMilliseconds: UInt32
  /// What the collector leaves out to keep its budget, for people; empty: nothing.
  public var shedding: String

  /// A heartbeat of these figures.
  public init(
    id: UInt64, wallTimeMicroseconds: Int64, clockOffsetMicroseconds: Int64 = 0,
    roundTripMicroseconds: UInt64 = 0, framesCollected: UInt64 = 0, framesAcknowledged: UInt64 = 0,
    framesBuffered: UInt64 = 0, framesDropped: UInt64 = 0, intervalMilliseconds: UInt32, shedding: String = ""
  ) {
    self.id = id
    self.wallTimeMicroseconds = wallTimeMicroseconds
    self.clockOffsetMicroseconds = clockOffsetMicroseconds
    self.roundTripMicroseconds = roundTripMicroseconds
    self.framesCollected = framesCollected
    self.framesAcknowledged = framesAcknowledged
    self.framesBuffered = framesBuffered
    self.framesDropped = framesDropped
    self.intervalMilliseconds = intervalMilliseconds
    self.shedding = shedding
  }
}

extension Heartbeat: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Heartbeat>) {
    muster__v1__heartbeat__init(packed)
  }

  init(_ packed: Muster__V1__Heartbeat) throws(Status) {
    self.init(
      id: packed.id, wallTimeMicroseconds: packed.wall_time_us,
      clockOffsetMicroseconds: packed.clock_offset_us, roundTripMicroseconds: packed.round_trip_us,
      framesCollected: packed.frames_collected, framesAcknowledged: packed.frames_acknowledged,
      framesBuffered: packed.frames_buffered, framesDropped: packed.frames_dropped,
      intervalMilliseconds: packed.interval_ms,
      shedding: try text(packed.shedding, "shedding", MessageLimits.reasonBytes))
  }

  func fill(_ packed: inout Muster__V1__Heartbeat, _ arena: Arena) {
    packed.id = id
    packed.wall_time_us = wallTimeMicroseconds
    packed.clock_offset_us = clockOffsetMicroseconds
    packed.round_trip_us = roundTripMicroseconds
    packed.frames_collected = framesCollected
    packed.frames_acknowledged = framesAcknowledged
    packed.frames_buffered = framesBuffered
    packed.frames_dropped = framesDropped
    packed.interval_ms = intervalMilliseconds
    packed.shedding = arena.text(shedding)
  }
}

/// A planned stop: what follows is not an outage.
public struct Goodbye: Hashable, Sendable {
  /// Why, for people: "SIGTERM".
  public var reason: String

  /// A goodbye for this reason.
  public init(reason: String) { self.reason = reason }
}

extension Goodbye: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Goodbye>) {
    muster__v1__goodbye__init(packed)
  }

  init(_ packed: Muster__V1__Goodbye) throws(Status) {
    self.init(reason: try text(packed.reason, "reason", MessageLimits.reasonBytes))
  }

  func fill(_ packed: inout Muster__V1__Goodbye, _ arena: Arena) { packed.reason = arena.text(reason) }
}
