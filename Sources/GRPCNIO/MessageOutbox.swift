import GRPC
import Synchronization

/// A message to be sent.
struct OutboundMessage: Sendable {
  let bytes: [UInt8]
  /// Whether it is compressed, if the call has a codec.
  var isCompressed = true
}

/// Messages of one call, on their way from tasks to the loop. Tasks wait while it is full.
final class MessageOutbox: Sendable {
  /// A task that has put more than this many bytes here waits.
  static let waitAtBytes = 64 * 1024
  /// Waiting tasks go on when no more than this many bytes are left.
  static let resumeAtBytes = 16 * 1024

  /// What the loop has to do next.
  enum Item {
    case message(OutboundMessage)
    case halfClose
    case nothing
  }

  /// What the task that added a message has to do next.
  struct Added {
    /// The loop sleeps: tell it.
    var wakeLoop: Bool
    /// Too much waits: wait for room before adding more.
    var isFull: Bool
  }

  private enum HalfClose { case no, wanted, done }

  private struct State {
    var messages: [OutboundMessage] = []
    var head = 0
    var bytes = 0
    var halfClose = HalfClose.no
    var isPumpDue = false
    var end: Status?
    var waiters: [CheckedContinuation<Void, Never>] = []

    mutating func wake() -> [CheckedContinuation<Void, Never>] {
      defer { waiters = [] }
      return waiters
    }

    mutating func takeMessage() -> OutboundMessage {
      let message = messages[head]
      messages[head] = OutboundMessage(bytes: [])
      head += 1
      if head == messages.count {
        messages.removeAll(keepingCapacity: true)
        head = 0
      }
      bytes -= message.bytes.count
      return message
    }
  }

  private let state = Mutex(State())

  // MARK: The task's side

  /// Adds a message. Throws when the call is over or its requests are.
  func add(_ message: OutboundMessage) throws(Status) -> Added {
    let result = state.withLock { state -> Result<Added, Status> in
      if let end = state.end { return .failure(Self.refusal(end)) }
      guard state.halfClose == .no else {
        return .failure(Status(.failedPrecondition, "the requests of this call have been finished"))
      }
      state.messages.append(message)
      state.bytes += message.bytes.count
      defer { state.isPumpDue = true }
      return .success(Added(wakeLoop: !state.isPumpDue, isFull: state.bytes > Self.waitAtBytes))
    }
    return try result.get()
  }

  /// No more messages follow. True: tell the loop.
  func halfClose() -> Bool {
    state.withLock { state in
      guard state.halfClose == .no, state.end == nil else { return false }
      state.halfClose = .wanted
      defer { state.isPumpDue = true }
      return !state.isPumpDue
    }
  }

  /// Returns when there is room again, or the call has ended OK meanwhile. Throws its status when it has failed.
  nonisolated(nonsending) func waitForRoom(of call: LoopCall) async throws(Status) {
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let mustWait = state.withLock { state in
          guard state.bytes > Self.resumeAtBytes, state.end == nil else { return false }
          state.waiters.append(waiter)
          return true
        }
        if !mustWait { waiter.resume() }
      }
    } onCancel: {
      call.cancel()
    }
    // A server may well answer before it has read all: that is no failure of what was sent before.
    if let end = state.withLock({ $0.end }), !end.isOK { throw end }
  }

  // MARK: The loop's side

  /// What to do next; messages only when the call has room for them.
  func take(hasRoom: Bool) -> Item {
    let (item, woken) = state.withLock { state -> (Item, [CheckedContinuation<Void, Never>]) in
      state.isPumpDue = false
      if state.head < state.messages.count {
        guard hasRoom else { return (.nothing, []) }
        let message = state.takeMessage()
        return (.message(message), state.bytes <= Self.resumeAtBytes ? state.wake() : [])
      }
      guard state.halfClose == .wanted else { return (.nothing, []) }
      state.halfClose = .done
      return (.halfClose, [])
    }
    for waiter in woken { waiter.resume() }
    return item
  }

  /// The call is over: drops what waits and lets the waiting tasks know.
  func finish(_ status: Status) {
    let woken = state.withLock { state in
      state.end = state.end ?? status
      state.messages = []
      (state.head, state.bytes) = (0, 0)
      return state.wake()
    }
    for waiter in woken { waiter.resume() }
  }

  private static func refusal(_ end: Status) -> Status {
    end.isOK ? Status(.failedPrecondition, "the server has already ended this call") : end
  }
}
