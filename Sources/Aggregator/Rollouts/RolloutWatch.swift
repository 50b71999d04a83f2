import GRPC

/// One open WatchRollout, as other loops know it.
struct RolloutWatch: Sendable {
  /// Unique.
  let number: UInt64
  let rollout: UInt64
  let call: LoopBound<WatchRolloutCall>
}
