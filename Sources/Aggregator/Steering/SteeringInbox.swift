import Synchronization

/// Events on their way to the desk's loop, from any thread.
///
/// The reader is woken once, at the first event after it found nothing: a thousand hosts that say something at once
/// are one hop and one transaction.
final class SteeringInbox: Sendable {
  /// So many events may wait before those that a host can make at will are dropped.
  static let limit = 65_536

  private struct State {
    var events: [SteeringEvent] = []
    var isReading = false
  }

  private let state = Mutex(State())
  /// Events dropped because too many waited.
  let dropped = Counter()

  /// Adds an event. Whether the reader is to be woken.
  func append(_ event: SteeringEvent) -> Bool {
    state.withLock { state in
      guard state.events.count < Self.limit || !event.isDroppable else {
        dropped.add()
        return false
      }
      state.events.append(event)
      defer { state.isReading = true }
      return !state.isReading
    }
  }

  /// What waits, oldest first; `nil`: nothing does, and the next event wakes the reader again.
  func take() -> [SteeringEvent]? {
    state.withLock { state in
      guard !state.events.isEmpty else {
        state.isReading = false
        return nil
      }
      defer { state.events = [] }
      return state.events
    }
  }
}
