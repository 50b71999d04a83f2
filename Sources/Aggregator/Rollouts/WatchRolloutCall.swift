import GRPC
import Steering
import Wire

/// WatchRollout: a rollout now and whenever it moves, until it is over. A reader that is slow is shown the newest state
/// when it reads again, and always the last.
final class WatchRolloutCall {
  private let stream: ServerStream<Rollout>
  private let desk: SteeringDesk
  private let openCalls: OpenCalls
  private var waiting: Rollout?
  private var isWritable = true

  init(_ stream: ServerStream<Rollout>, desk: SteeringDesk, openCalls: OpenCalls) {
    self.stream = stream
    self.desk = desk
    self.openCalls = openCalls
  }

  /// Starts to answer. The stream keeps this object for as long as the call is open.
  func start(_ request: WatchRolloutRequest) {
    let watch = RolloutWatch(
      number: desk.counters.watchesEver.add(), rollout: request.id,
      call: LoopBound(self, on: stream.call.connection.executor))
    stream.onWritable = { self.becameWritable() }
    stream.onEnd = { _ in self.end(watch) }
    openCalls.add(self, stream.call)
    desk.counters.rolloutWatches.rise()
    desk.post(.watchingRollout(watch))
  }

  /// The rollout stands like this; `nil`: there is none of that id.
  func show(_ rollout: Rollout?) {
    guard let rollout else {
      return stream.finish(Status(.notFound, "no such rollout; ListRollouts with all names those there are"))
    }
    waiting = rollout
    send()
  }

  private func becameWritable() {
    isWritable = true
    send()
  }

  private func send() {
    guard isWritable, let rollout = waiting else { return }
    waiting = nil
    isWritable = stream.send(rollout)
    if rollout.isOver { stream.finish(.ok) }
  }

  private func end(_ watch: RolloutWatch) {
    desk.counters.rolloutWatches.fall()
    openCalls.remove(self)
    desk.post(.rolloutWatchEnded(watch))
  }
}

extension Rollout {
  /// Whether nothing will happen to it any more.
  fileprivate var isOver: Bool { state == .completed || state == .rolledBack }
}
