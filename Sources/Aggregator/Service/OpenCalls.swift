import GRPC
import Synchronization

/// The calls that stay open for as long as their peer likes, so that a drain can end them.
final class OpenCalls: Sendable {
  private struct State {
    var calls: [ObjectIdentifier: LoopBound<ServerCall>] = [:]
    var ending: Status?
  }

  private let state = Mutex(State())

  init() {}

  /// How many are open.
  var count: Int { state.withLock { $0.calls.count } }

  /// The owner's call is open until `remove`. During a drain it is ended at once.
  func add(_ owner: AnyObject, _ call: ServerCall) {
    let bound = LoopBound(call, on: call.connection.executor)
    let ending = state.withLock { state in
      state.calls[ObjectIdentifier(owner)] = bound
      return state.ending
    }
    // Not now: the call is still being opened.
    if let ending { bound.execute { $0.finish(ending) } }
  }

  func remove(_ owner: AnyObject) {
    state.withLock { $0.calls[ObjectIdentifier(owner)] = nil }
  }

  /// Ends every call, on its own loop, with `status`; also those that are opened from now on.
  func end(_ status: Status) {
    let calls = state.withLock { state in
      state.ending = status
      return Array(state.calls.values)
    }
    for call in calls { call.execute { $0.finish(status) } }
  }
}
