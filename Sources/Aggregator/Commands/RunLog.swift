import Wire

/// What a run has to tell, in order, for readers that come and go and read at their own pace.
///
/// Results and progress are held for as long as the run: one per host. Output is held up to a limit; beyond it the
/// oldest goes, and a reader that has not read it learns how much it missed. So a slow reader costs no queue of its
/// own, and a second one can begin at the start.
struct RunLog {
  enum Entry: Hashable, Sendable {
    case progress(RunProgress)
    case output(Int, CommandOutput)
    case result(Int, CommandResult, RunProgress)
    /// So many parts of output that are gone.
    case skipped(Int)
  }

  /// How far a reader has read.
  struct Cursor: Hashable, Sendable {
    fileprivate var mark = 0
    fileprivate var part = 0
  }

  private struct Mark {
    let place: Int
    let entry: Entry
  }

  private struct Part {
    let place: Int
    let position: Int
    let output: CommandOutput
    let bytes: Int
  }

  private let limit: Int
  private var places = 0
  private var marks: [Mark] = []
  /// Output held, from `head` on; what is before it is room to be reclaimed.
  private var parts: [Part?] = []
  private var head = 0
  /// Parts that are gone.
  private var gone = 0
  /// Bytes of the output held.
  private(set) var heldBytes = 0

  /// - Parameter limit: bytes of output that are held.
  init(limit: Int = RunLimits.heldBytesPerRun) {
    self.limit = limit
  }

  mutating func append(_ entry: Entry) {
    marks.append(Mark(place: places, entry: entry))
    places += 1
  }

  mutating func append(_ output: CommandOutput, from position: Int, bytes: Int) {
    let size = bytes + RunLimits.bytesPerPart
    parts.append(Part(place: places, position: position, output: output, bytes: size))
    places += 1
    heldBytes += size
    while heldBytes > limit, head < parts.count { dropFirst() }
  }

  /// What comes next for a reader; `nil`: it has read everything.
  func next(_ cursor: inout Cursor) -> Entry? {
    if cursor.part < gone {
      let missed = gone - cursor.part
      cursor.part = gone
      return .skipped(missed)
    }
    let mark = cursor.mark < marks.count ? marks[cursor.mark] : nil
    let index = head + cursor.part - gone
    if index < parts.count, let part = parts[index], part.place < mark?.place ?? .max {
      cursor.part += 1
      return .output(part.position, part.output)
    }
    if mark != nil { cursor.mark += 1 }
    return mark?.entry
  }

  /// Lets go of the output that this reader has read: there is no other, and none will come.
  mutating func forget(before cursor: Cursor) {
    while gone < cursor.part, head < parts.count { dropFirst() }
  }

  /// Lets go of all output.
  mutating func forgetOutput() {
    while head < parts.count { dropFirst() }
  }

  private mutating func dropFirst() {
    heldBytes -= parts[head]?.bytes ?? 0
    parts[head] = nil
    head += 1
    gone += 1
    if head > 64, head * 2 > parts.count {
      parts.removeFirst(head)
      head = 0
    }
  }
}
