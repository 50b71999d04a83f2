import GRPC
import Records
import Steering
package import Wire

/// What the desk is told, from any thread, in the order in which it was told.
enum SteeringEvent: Sendable {
  case hostChanged(SteeredHost)
  case hostForgotten(String)
  case attached(String, stream: UInt64, ConfigStatus)
  case detached(String, stream: UInt64, saidGoodbye: Bool)
  case status(String, ConfigStatus)
  case stamped(String, sha256: [UInt8])
  case watching(ConfigWatch, WatchConfigRequest)
  case watchEnded(ConfigWatch)
  case ordered(SteeringOrder, by: Asker, then: @Sendable (Result<Rollout, Status>) -> Void)
  case asked(@Sendable (Steering, Moment) -> Void)
  case watchingRollout(RolloutWatch)
  case rolloutWatchEnded(RolloutWatch)
  case committed(RecordsFailure?)
  case timer
  case closing(@Sendable () -> Void)

  /// Whether a host can make as many of them as it likes, and the engine can do without one.
  var isDroppable: Bool {
    switch self {
    case .status, .stamped: true
    default: false
    }
  }
}

/// What an operator wants done.
package enum SteeringOrder: Sendable {
  case push(PushConfigRequest)
  case steer(SteerRolloutRequest)
  case rollBack(RollBackRequest)
}

/// Who asks, as far as is known.
package struct Asker: Hashable, Sendable {
  /// As the asker says.
  var author: String
  /// The address that the call came from.
  var address: String

  /// Whoever says so and comes from there.
  package init(author: String, address: String) {
    self.author = author
    self.address = address
  }
}
