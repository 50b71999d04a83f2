internal import CProtobufC

/// Where a rollout is.
public enum RolloutState: Int, Sendable, CaseIterable {
  /// A newer peer has a state that is not known here.
  case unknown = 0
  /// A wave is being offered and verified.
  case rolling = 1
  /// A wave is verified and watched.
  case soaking = 2
  /// An operator paused it: no new wave begins.
  case paused = 3
  /// A gate failed, or an operator aborted: hosts are going back.
  case rollingBack = 4
  /// Hosts have gone back.
  case rolledBack = 5
  /// Every wave is done: the document is its layer's.
  case completed = 6
}

extension RolloutState: WireEnum {
  typealias Packed = Muster__V1__RolloutState
  static var unheard: RolloutState { .unknown }
}
