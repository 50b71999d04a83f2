internal import CProtobufC

/// What an operator does with a rollout.
public enum RolloutAction: Int, Sendable, CaseIterable {
  /// A newer peer has an action that is not known here.
  case unknown = 0
  /// No new wave begins.
  case pause = 1
  /// Goes on.
  case resume = 2
  /// Stops, and takes everything back.
  case abort = 3
  /// Does not wait for the rest of the soak.
  case promote = 4
}

extension RolloutAction: WireEnum {
  typealias Packed = Muster__V1__RolloutAction
  static var unheard: RolloutAction { .unknown }
}
