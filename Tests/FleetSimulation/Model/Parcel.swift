import GRPC
import Wire

/// What a collector sends: messages of its three calls, as values.
enum UpwardParcel {
  case event(CollectorEvent)
  case controlFinished
  case watch(WatchConfigRequest)
  case watchCancelled
  case pushOpened
  /// A packed frame, and what it is stamped with.
  case frame([UInt8], stamp: [UInt8])
  case pushFinished

  /// The call it is on. Calls of one connection do not wait for each other.
  var lane: Int {
    switch self {
    case .event, .controlFinished: 0
    case .watch, .watchCancelled: 1
    case .pushOpened, .frame, .pushFinished: 2
    }
  }
}

/// What an aggregator sends.
enum DownwardParcel {
  case command(AggregatorCommand)
  case controlEnded(Status)
  case update(ConfigUpdate)
  case watchEnded(Status)
  case pushEnded(Status)
  case goingAway

  /// The call it is on.
  var lane: Int {
    switch self {
    case .command, .controlEnded, .goingAway: 0
    case .update, .watchEnded: 1
    case .pushEnded: 2
    }
  }
}
