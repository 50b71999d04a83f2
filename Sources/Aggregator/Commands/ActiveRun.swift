import GRPC
import Synchronization
import Wire

/// A run as several threads share it: hosts' streams put in, readers take out.
///
/// Its lock is held for as long as one event takes; whoever is to be woken or told is so after it was let go.
final class ActiveRun: Sendable {
  /// A reader that found nothing is woken once, at the first thing after that.
  private struct Reader {
    var cursor = RunLog.Cursor()
    var isAsleep = false
    let wake: @Sendable () -> Void
  }

  private struct State {
    var run: CommandRun
    var readers: [Int: Reader] = [:]
    var lastReader = 0
    /// What is to be done once, when the run is over.
    var ended: (@Sendable (ActiveRun, CommandRun) -> Void)?
  }

  /// What an event leaves to do when the lock is free again.
  private struct Aftermath {
    var wakes: [@Sendable () -> Void] = []
    var cancelled: [Int] = []
    var ended: ((ActiveRun) -> Void)?
  }

  /// The run's number in the records.
  let number: UInt64
  /// The id of the command on the wire.
  let commandID: String
  let order: RunOrder
  /// As the audit log had it at first.
  let entry: AuditEntry
  private let state: Mutex<State>

  /// `ended` is called once, when the run is over, on whatever thread ended it.
  init(
    number: UInt64, order: RunOrder, entry: AuditEntry, run: CommandRun,
    ended: @escaping @Sendable (ActiveRun, CommandRun) -> Void
  ) {
    self.number = number
    self.order = order
    self.entry = entry
    commandID = run.commandID
    state = Mutex(State(run: run, ended: ended))
  }

  /// Bytes of output held for readers.
  var heldBytes: Int { state.withLock { $0.run.log.heldBytes } }

  /// Whether it is over.
  var isOver: Bool {
    state.withLock { state in
      if case .over = state.run.phase { true } else { false }
    }
  }

  /// A new reader, at the run's beginning. `wake` is called on any thread, when there is something to read again.
  func reader(wake: @escaping @Sendable () -> Void) -> RunReader {
    let number = state.withLock { state in
      state.lastReader += 1
      state.readers[state.lastReader] = Reader(wake: wake)
      return state.lastReader
    }
    return RunReader(run: self, number: number)
  }

  /// Lets an event happen. `body` returns whom to tell that the command is cancelled, as positions.
  @discardableResult
  func change<Answer>(_ body: (inout CommandRun) -> (answer: Answer, cancelled: [Int])) -> Answer {
    let (answer, aftermath) = state.withLock { state in
      let (answer, cancelled) = body(&state.run)
      return (answer, Self.aftermath(&state, cancelled))
    }
    perform(aftermath)
    return answer
  }

  /// Lets an event happen that cancels nothing.
  func change(_ body: (inout CommandRun) -> Void) {
    change { run in
      body(&run)
      return ((), [])
    }
  }

  /// Lets go of the output held for readers to come.
  func forgetOutput() {
    state.withLock { $0.run.log.forgetOutput() }
  }

  fileprivate func next(for number: Int) -> RunReading {
    state.withLock { state in
      guard var reader = state.readers[number] else { return .nothing }
      defer { state.readers[number] = reader }
      if let entry = state.run.log.next(&reader.cursor) {
        let update = state.run.update(entry)
        // Without a key nobody can ask for the run again.
        if order.idempotencyKey.isEmpty { state.run.log.forget(before: reader.cursor) }
        return .update(update)
      }
      if case .over(let status) = state.run.phase { return .over(status) }
      reader.isAsleep = true
      return .nothing
    }
  }

  fileprivate func leave(_ number: Int) {
    let aftermath = state.withLock { state in
      state.readers[number] = nil
      let cancelled = state.readers.isEmpty ? state.run.cancel("whoever asked has left") : []
      return Self.aftermath(&state, cancelled)
    }
    perform(aftermath)
  }

  private static func aftermath(_ state: inout State, _ cancelled: [Int]) -> Aftermath {
    var aftermath = Aftermath(cancelled: cancelled)
    for number in state.readers.keys where state.readers[number]?.isAsleep == true {
      state.readers[number]?.isAsleep = false
      if let wake = state.readers[number]?.wake { aftermath.wakes.append(wake) }
    }
    if case .over = state.run.phase, let ended = state.ended {
      state.ended = nil
      let run = state.run
      aftermath.ended = { ended($0, run) }
    }
    return aftermath
  }

  private func perform(_ aftermath: Aftermath) {
    for position in aftermath.cancelled { order.hosts[position].send(.cancel(id: commandID)) }
    aftermath.ended?(self)
    for wake in aftermath.wakes { wake() }
  }
}

/// What a reader finds.
enum RunReading: Hashable, Sendable {
  case update(RunUpdate)
  /// Nothing now: `wake` is called when there is.
  case nothing
  /// Everything was read, and the run is over, with the status that its callers are answered with.
  case over(Status)
}

/// One reader of a run. When the last one leaves, the run is cancelled.
final class RunReader: Sendable {
  /// What is read.
  let run: ActiveRun
  private let number: Int

  fileprivate init(run: ActiveRun, number: Int) {
    self.run = run
    self.number = number
  }

  /// What comes next.
  func next() -> RunReading { run.next(for: number) }

  /// Reads no more. To be called once, also when the run is over.
  func leave() { run.leave(number) }
}
