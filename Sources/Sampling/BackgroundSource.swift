import ProcFS
import Threads

/// A source that may take long to answer, or for ever, read where nobody waits for it.
///
///     idle ──ask──► asked ──its thread──► answered ──take──► idle
///
/// Each reading has a thread, which ends with it, and there is one at most. It fills a table of its own; when it
/// is done the loop copies the values over. Until then, the values of the reading before stay. A reading that
/// takes longer than ``deadlineNanoseconds`` makes them absent.
///
/// The source and its table belong to the thread while it runs, and to the loop otherwise.
final class BackgroundSource {
  /// How long a reading may take before the source counts as failing: 5 s, as for mounts.
  static let deadlineNanoseconds: Int64 = 5_000_000_000
  /// Series that one such source may have: sensors of a machine with many of them are a few hundred.
  static let maximumSeries = 4096
  /// Stack of a thread: it parses a few small files.
  private static let stackBytes = 256 << 10

  /// What has become of a reading.
  enum Outcome {
    /// It ended, with values or with an error.
    case ended(Answer)
    /// It has not ended in time.
    case overdue(since: Int64)
  }

  /// How a reading ended, and its times by the sampler's clock.
  struct Answer {
    var failure: KernelError?
    var started: Int64
    var ended: Int64
    /// Whether there was nothing to show: a class of devices without any.
    var isEmpty = false
  }

  private let reading: Reading
  /// Of the reading's series by their ids there: the ids in the sampler's table, nil if that refused them.
  private var ids: [Int?] = []
  /// Of those that the reading's table refused: how many the sampler's knows of.
  private var refused = 0
  /// What to do with the source before it is read again.
  private var mustForget = false
  private var newFilters: FilterSettings?
  /// Whether what is being read shall not be shown any more.
  private var isDiscarded = false

  /// - Parameter clock: the sampler's; called from the thread, too.
  init(_ source: any Source, clock: @escaping @Sendable () -> Int64) {
    reading = Reading(source, clock: clock)
  }

  /// Starts a reading, unless one is under way.
  func ask(at now: Int64) {
    guard case .idle = reading.phase else { return }
    if mustForget { forget() }
    if let filters = newFilters { reading.source.refilter(filters) }
    newFilters = nil
    reading.phase = .asked(since: now)
    let error = startDetachedThread(stackBytes: Self.stackBytes) { [reading] in reading.run() }
    if error != 0 {
      let failure = KernelError(path: "pthread_create(3)", errno: error)
      reading.phase = .answered(Answer(failure: failure, started: now, ended: now))
    }
  }

  /// Takes over what the last reading brought. Nil if there is nothing new.
  func take(into table: inout SampleTable, at now: Int64) -> Outcome? {
    switch reading.phase {
    case .idle: return nil
    case .asked(let since):
      guard now - since > Self.deadlineNanoseconds else { return nil }
      withdraw(from: &table)
      return .overdue(since: since)
    case .answered(let answer):
      reading.phase = .idle
      if isDiscarded {
        isDiscarded = false
        return nil
      }
      if answer.failure == nil { show(in: &table) } else { withdraw(from: &table) }
      return .ended(answer)
    }
  }

  /// The source, while no thread has it.
  var idleSource: (any Source)? {
    if case .idle = reading.phase { reading.source } else { nil }
  }

  /// Waits until what was asked is answered or overdue, until `end` at most.
  func awaitAnswer(until end: Int64) { reading.wait(until: end) }

  /// Forgets the ids of series: the table starts over. What is there is shown again when it has been read again.
  func forgetSeries() {
    ids.removeAll()
    mustForget = true
  }

  /// Takes other filters.
  func refilter(_ filters: FilterSettings) { newFilters = filters }

  /// What is being read now comes too late to be shown.
  func discard() {
    if case .idle = reading.phase { return }
    isDiscarded = true
  }

  private func forget() {
    mustForget = false
    ids.removeAll()
    reading.source.forgetSeries()
    reading.table.removeAll()
  }

  private func show(in table: inout SampleTable) {
    table.countRefused(reading.table.refused - refused)
    refused = reading.table.refused
    for id in ids.count..<max(reading.table.count, ids.count) {
      ids.append(table.register(reading.table.descriptors[id]))
    }
    for (from, to) in ids.enumerated() {
      guard let to else { continue }
      if reading.table.present[from] {
        table.set(to, reading.table.values[from])
      } else {
        table.withdraw(to)
      }
    }
  }

  private func withdraw(from table: inout SampleTable) {
    for case let id? in ids { table.withdraw(id) }
  }
}

/// The source, and what its thread makes of it.
// Handed to and fro between the loop and the thread: `phase` says whose it is, and has a lock.
private final class Reading: @unchecked Sendable {
  enum Phase {
    case idle
    /// Since when.
    case asked(since: Int64)
    case answered(BackgroundSource.Answer)
  }

  var source: any Source
  var table = SampleTable(maximumSeries: BackgroundSource.maximumSeries)
  private let clock: @Sendable () -> Int64
  private let monitor = Monitor()
  private var currentPhase = Phase.idle

  init(_ source: any Source, clock: @escaping @Sendable () -> Int64) {
    self.source = source
    self.clock = clock
  }

  var phase: Phase {
    get { monitor.withLock { currentPhase } }
    set {
      monitor.withLock {
        currentPhase = newValue
        monitor.wake()
      }
    }
  }

  /// The thread: one reading.
  func run() {
    let started = clock()
    var answer = BackgroundSource.Answer(started: started, ended: started)
    var buffer = ReadBuffer()
    table.begin()
    do {
      try source.sample(into: &table, reading: &buffer, at: started)
    } catch {
      answer.failure = error
    }
    answer.isEmpty = !table.present.contains(true)
    answer.ended = clock()
    phase = .answered(answer)
  }

  /// Waits, by the clock that tests stop, while an answer may still come in time.
  func wait(until end: Int64) {
    monitor.withLock {
      while case .asked(let since) = currentPhase {
        let now = clock()
        guard now < end, now - since <= BackgroundSource.deadlineNanoseconds else { return }
        monitor.wait(nanoseconds: min(end - now, 20_000_000))
      }
    }
  }
}
