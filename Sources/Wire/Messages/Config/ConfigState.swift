internal import CProtobufC

/// How far a config got on a host.
public enum ConfigState: Int, Sendable, CaseIterable {
  /// Nothing is known, or a newer peer has a state that is not known here.
  case unknown = 0
  /// Sent to the host, nothing heard yet: the aggregator's word.
  case offered = 1
  /// It has arrived.
  case received = 2
  /// It can be applied.
  case validated = 3
  /// It is being applied.
  case applying = 4
  /// It is in force, and waits for the confirmation.
  case applied = 5
  /// Frames stamped with it have arrived: the aggregator's word.
  case verified = 6
  /// Applying it failed.
  case failed = 7
  /// Not acceptable on this host: see the problems.
  case refused = 8
  /// The collector went back by itself.
  case rolledBack = 9
}

extension ConfigState: WireEnum {
  typealias Packed = Muster__V1__ConfigState
  static var unheard: ConfigState { .unknown }
}
