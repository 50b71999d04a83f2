package import GRPC

/// Virtual time: what is to happen, in the order in which it does. Events due at the same instant happen in the
/// order they were asked for, so a run is a function of its seed.
package final class Timeline {
  private struct Event {
    var due: Instant
    var order: UInt64
    var body: () -> Void

    func comes(before other: Event) -> Bool { (due, order) < (other.due, other.order) }
  }

  /// What the time is.
  package private(set) var now = Instant(nanoseconds: 0)
  /// Events that happened without time passing.
  package private(set) var eventsAtOnce = 0
  /// Events that happened.
  package private(set) var eventsEver = 0
  /// A binary heap: each event comes before the two at twice its place and one more.
  private var heap: [Event] = []
  private var nextOrder: UInt64 = 0

  /// Nothing has happened, and nothing is to.
  package init() {}

  /// Has something happen after a while.
  package func after(_ delay: Duration, _ body: @escaping () -> Void) { at(now + max(.zero, delay), body) }

  /// Has something happen at an instant, or now if that has passed.
  package func at(_ due: Instant, _ body: @escaping () -> Void) {
    let event = Event(due: max(now, due), order: nextOrder, body: body)
    nextOrder += 1
    heap.append(event)
    var place = heap.count - 1
    while place > 0, event.comes(before: heap[(place - 1) / 2]) {
      heap[place] = heap[(place - 1) / 2]
      place = (place - 1) / 2
    }
    heap[place] = event
  }

  /// Lets everything happen that is due until `end`, unless `isOver` says that there is no need to.
  package func run(until end: Instant, unless isOver: () -> Bool = { false }) {
    while !isOver(), let first = heap.first, first.due <= end {
      removeFirst()
      eventsAtOnce = first.due > now ? 0 : eventsAtOnce + 1
      eventsEver += 1
      now = first.due
      first.body()
    }
    if !isOver() { now = max(now, end) }
  }

  /// Forgets all that was to happen, and with it whoever waits for it.
  package func clear() { heap = [] }

  /// The last event takes the place of the first, and sinks to where it belongs.
  private func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].comes(before: heap[child]) { child += 1 }
      guard heap[child].comes(before: last) else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = last
  }
}
