internal import CProtobufC
internal import GRPC

/// The answer to Hello: what the aggregator already has of this epoch.
public struct Welcome: Hashable, Sendable {
  /// The aggregator's `MusterVersion.current`.
  public var aggregatorVersion: String
  /// The aggregator's clock: microseconds since 1970.
  public var wallTimeMicroseconds: Int64
  /// The highest acknowledged sequence of this host and epoch; 0: none.
  public var acknowledgedSequence: UInt64

  /// A welcome of these parts.
  public init(
    aggregatorVersion: String = MusterVersion.current, wallTimeMicroseconds: Int64,
    acknowledgedSequence: UInt64
  ) {
    self.aggregatorVersion = aggregatorVersion
    self.wallTimeMicroseconds = wallTimeMicroseconds
    self.acknowledgedSequence = acknowledgedSequence
  }
}

/// Every frame of the epoch up to and including the sequence is the aggregator's now.
public struct Acknowledge: Hashable, Sendable {
  /// The epoch that is meant: an acknowledgement of another one is to be ignored.
  public var epoch: UInt64
  /// The last sequence acknowledged.
  public var sequence: UInt64

  /// An acknowledgement up to this frame.
  public init(epoch: UInt64, sequence: UInt64) {
    self.epoch = epoch
    self.sequence = sequence
  }
}

/// The answer to a heartbeat, sent at once: the collector measures the clock offset with it.
public struct HeartbeatReply: Hashable, Sendable {
  /// The heartbeat's.
  public var id: UInt64
  /// The aggregator's clock when the heartbeat arrived.
  public var wallTimeMicroseconds: Int64

  /// A reply of these parts.
  public init(id: UInt64, wallTimeMicroseconds: Int64) {
    self.id = id
    self.wallTimeMicroseconds = wallTimeMicroseconds
  }
}

extension Welcome: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Welcome>) {
    muster__v1__welcome__init(packed)
  }

  init(_ packed: Muster__V1__Welcome) throws(Status) {
    self.init(
      aggregatorVersion: try text(
        packed.aggregator_version, "aggregator_version", MessageLimits.descriptionBytes),
      wallTimeMicroseconds: packed.wall_time_us, acknowledgedSequence: packed.acknowledged_sequence)
  }

  func fill(_ packed: inout Muster__V1__Welcome, _ arena: Arena) {
    packed.aggregator_version = arena.text(aggregatorVersion)
    packed.wall_time_us = wallTimeMicroseconds
    packed.acknowledged_sequence = acknowledgedSequence
  }
}

extension Acknowledge: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__Acknowledge>) {
    muster__v1__acknowledge__init(packed)
  }

  init(_ packed: Muster__V1__Acknowledge) throws(Status) {
    self.init(epoch: packed.epoch, sequence: packed.sequence)
  }

  func fill(_ packed: inout Muster__V1__Acknowledge, _ arena: Arena) {
    packed.epoch = epoch
    packed.sequence = sequence
  }
}

extension HeartbeatReply: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__HeartbeatReply>) {
    muster__v1__heartbeat_reply__init(packed)
  }

  init(_ packed: Muster__V1__HeartbeatReply) throws(Status) {
    self.init(id: packed.id, wallTimeMicroseconds: packed.wall_time_us)
  }

  func fill(_ packed: inout Muster__V1__HeartbeatReply, _ arena: Arena) {
    packed.id = id
    packed.wall_time_us = wallTimeMicroseconds
  }
}
