import GRPC
import Synchronization

/// A message that arrived.
struct InboundMessage: Sendable {
  let bytes: [UInt8]
  /// Whether it was compressed on its way.
  var wasCompressed = false
}

/// Messages of one call, on their way from the loop to the one task that reads them.
///
/// The loop never waits: when a limit is reached, `push` says so and the loop stops giving the peer flow-control window.
/// What the peer may still send then is one stream window.
final class MessageInbox: Sendable {
  /// Reading pauses when this many messages wait.
  static let messagesMaximum = 512
  /// Reading pauses when this many bytes wait.
  static let pauseAtBytes = 256 * 1024
  /// Reading goes on when no more than this many bytes wait, and half the messages.
  static let resumeAtBytes = 64 * 1024

  /// How the call ended.
  struct End: Sendable {
    var status: Status
    var trailers: Metadata
  }

  private enum Taken {
    case message(InboundMessage, resume: Bool)
    case end(Status)
    case nothing
  }

  /// What a task waits for; the end of the call is both.
  private enum Awaited {
    case message
    case headers
  }

  private struct State {
    var messages: [InboundMessage] = []
    var head = 0
    var bytes = 0
    var bytesPeak = 0
    var isPaused = false
    var headers: Metadata?
    var end: End?
    var messageWaiters: [CheckedContinuation<Void, Never>] = []
    var headerWaiters: [CheckedContinuation<Void, Never>] = []

    var count: Int { messages.count - head }

    /// Keeps the waiter, or says that there is nothing to wait for.
    mutating func add(_ waiter: CheckedContinuation<Void, Never>, for awaited: Awaited) -> Bool {
      guard end == nil else { return false }
      switch awaited {
      case .message where count == 0: messageWaiters.append(waiter)
      case .headers where headers == nil: headerWaiters.append(waiter)
      case .message, .headers: return false
      }
      return true
    }

    mutating func take() -> Taken {
      guard head < messages.count else { return end.map { .end($0.status) } ?? .nothing }
      let message = messages[head]
      messages[head] = InboundMessage(bytes: [])
      head += 1
      if head == messages.count || head >= MessageInbox.messagesMaximum {
        messages.removeFirst(head)
        head = 0
      }
      bytes -= message.bytes.count
      let isLow = bytes <= MessageInbox.resumeAtBytes && count <= MessageInbox.messagesMaximum / 2
      guard isPaused, isLow else { return .message(message, resume: false) }
      isPaused = false
      return .message(message, resume: true)
    }
  }

  private let state = Mutex(State())

  /// The most bytes that ever waited.
  var bytesPeak: Int { state.withLock { $0.bytesPeak } }

  /// How the call ended, once it has.
  var end: End? { state.withLock { $0.end } }

  // MARK: The loop's side

  /// Takes a message in. True: stop reading until `resume` is asked for.
  func push(_ message: InboundMessage) -> Bool {
    let (pause, woken) = state.withLock { state in
      state.messages.append(message)
      state.bytes += message.bytes.count
      state.bytesPeak = max(state.bytesPeak, state.bytes)
      let isFull = state.bytes >= Self.pauseAtBytes || state.count >= Self.messagesMaximum
      let pause = isFull && !state.isPaused
      state.isPaused = state.isPaused || isFull
      return (pause, Self.take(&state.messageWaiters))
    }
    for waiter in woken { waiter.resume() }
    return pause
  }

  func receivedHeaders(_ headers: Metadata) {
    let woken = state.withLock { state in
      state.headers = headers
      return Self.take(&state.headerWaiters)
    }
    for waiter in woken { waiter.resume() }
  }

  func finish(_ end: End) {
    let woken = state.withLock { state in
      if state.end == nil { state.end = end }
      return Self.take(&state.messageWaiters) + Self.take(&state.headerWaiters)
    }
    for waiter in woken { waiter.resume() }
  }

  private static func take(
    _ waiters: inout [CheckedContinuation<Void, Never>]
  ) -> [CheckedContinuation<Void, Never>] {
    defer { waiters = [] }
    return waiters
  }

  // MARK: The task's side

  /// The next message; nil after the last of a call that ended OK; otherwise throws the status it ended with.
  nonisolated(nonsending) func next(of call: LoopCall) async throws(Status) -> InboundMessage? {
    while true {
      switch state.withLock({ $0.take() }) {
      case .message(let message, let resume):
        if resume { call.resumeReading() }
        return message
      case .end(.ok): return nil
      case .end(let status) where status.isOK: return nil
      case .end(let status): throw status
      case .nothing: await wait(for: .message, of: call)
      }
    }
  }

  /// The headers; none when the call ended without any.
  nonisolated(nonsending) func headers(of call: LoopCall) async -> Metadata {
    while true {
      let (headers, isEnded) = state.withLock { ($0.headers, $0.end != nil) }
      if let headers { return headers }
      if isEnded { return [:] }
      await wait(for: .headers, of: call)
    }
  }

  private nonisolated(nonsending) func wait(for awaited: Awaited, of call: LoopCall) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let mustWait = state.withLock { $0.add(waiter, for: awaited) }
        if !mustWait { waiter.resume() }
      }
    } onCancel: {
      call.cancel()
    }
  }
}
