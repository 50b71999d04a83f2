import Wire

/// What is to be said on one control stream, numbered.
///
/// Hello is event 1. A number is given when an event is sent, or dropped: so whoever listens sees that
/// something is missing, and asks for everything (ReportAll).
struct EventQueue: Sendable {
  /// Events that may wait for a stream that takes none.
  static let maximumWaiting = 64

  private var waiting: [CollectorEvent.Body] = []
  private var lastNumber: UInt64 = 1

  /// Events that wait.
  var count: Int { waiting.count }

  /// The number of an event that is sent now.
  mutating func number() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  /// Lets an event wait; false if there is no room, and it is lost.
  mutating func append(_ event: CollectorEvent.Body) -> Bool {
    guard waiting.count < Self.maximumWaiting else {
      lastNumber += 1
      return false
    }
    waiting.append(event)
    return true
  }

  /// The next event to send.
  mutating func take() -> CollectorEvent? {
    guard !waiting.isEmpty else { return nil }
    return CollectorEvent(sequence: number(), body: waiting.removeFirst())
  }
}
