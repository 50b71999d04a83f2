import Wire

/// Events that wait to be taken, oldest first.
struct CommandOutbox {
  private var events: [(event: CommandDesk.Event, bytes: Int)] = []
  private var first = 0
  /// Of the output that waits.
  private(set) var bytes = 0

  /// Events that wait.
  var count: Int { events.count - first }

  mutating func append(_ event: CommandDesk.Event) {
    events.append((event, 0))
  }

  /// A part of a command's output.
  mutating func append(_ id: String, _ number: Int, _ part: OutputPart) {
    bytes += part.bytes
    let output = CommandOutput(id: id, part: UInt32(clamping: number), content: part.content)
    events.append((.output(output), part.bytes))
  }

  mutating func take() -> CommandDesk.Event? {
    guard first < events.count else { return nil }
    let (event, size) = events[first]
    first += 1
    bytes -= size
    // What was taken is let go of before it is more than what waits.
    if first * 2 >= events.count {
      events.removeFirst(first)
      first = 0
    }
    return event
  }

  /// Takes back the parts of a command; how many they were.
  mutating func removeOutput(of id: String) -> Int {
    remove { event in
      if case .output(let output) = event { output.id == id } else { false }
    }
  }

  /// Takes back what was to be sent.
  mutating func removeAllButEffects() {
    _ = remove { event in
      if case .effect = event { false } else { true }
    }
  }

  private mutating func remove(_ isUnwanted: (CommandDesk.Event) -> Bool) -> Int {
    events.removeFirst(first)
    first = 0
    let before = events.count
    events.removeAll { entry in
      guard isUnwanted(entry.event) else { return false }
      bytes -= entry.bytes
      return true
    }
    return before - events.count
  }
}
