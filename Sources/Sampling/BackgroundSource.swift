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
  /// Series that one such source may have: sensors of a machine with many of them are a few hundred, frequencies of
  /// a thousand CPUs six thousand.
  static let maximumSeries = 8192
  /// Stack of a thread: it parses files, most of them small.
  private static let stackBytes = 256 << 10

  private enum Place {
    /// It was never there.
    case unregistered
    case refused
    case id(Int)
  }

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
  /// Of the reading's series by their ids there: where they are in the sampler's table.
  private var places: [Place] = []
  /// Of those that the reading's table refused: how many the sampler's knows of.
  private var refused = 0
  /// What to do with the source before it is read again.
  private var mustForget = false
  /// Whether there may be values in the sampler's table whose places are forgotten.
  private var hasLostPlaces = false
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
    case .answered(var answer):
      reading.phase = .idle
      if isDiscarded {
        isDiscarded = false
        return nil
      }
      // Also of a reading that failed: what it set before.
      answer.failure = show(in: &table) ?? answer.failure
      return .ended(answer)
    }
  }

  /// The source, while no thread has it.
  var idleSource: (any Source)? {
    if case .idle = reading.phase { reading.source } else { nil }
  }

  /// Waits until what was asked is answered or overdue, until `end` at most.
  func awaitAnswer(until end: Int64) { reading.wait(until: end) }

  /// Forgets the ids of series: the table starts over, or was compacted. What the table kept stays there until it has
  /// been read again.
  func forgetSeries() {
    places.removeAll()
    hasLostPlaces = true
    if case .idle = reading.phase { forget() } else { mustForget = true }
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
    places.removeAll()
    reading.source.forgetSeries()
    reading.table.removeAll()
  }

  /// Copies what was read. Returns what the source says to series that the sampler's table refused.
  private func show(in table: inout SampleTable) -> KernelError? {
    table.countRefused(reading.table.refused - refused)
    refused = reading.table.refused
    if hasLostPlaces { table.withdrawAll() }
    hasLostPlaces = false
    let new = reading.table.count - places.count
    if new > 0 { places += repeatElement(.unregistered, count: new) }
    for series in places.indices where reading.table.present[series] { _ = id(of: series, in: &table) }
    let failure = tellRefused()
    for from in places.indices {
      if reading.table.present[from] {
        if let id = id(of: from, in: &table) { table.set(id, reading.table.values[from]) }
      } else if case .id(let id) = places[from] {
        table.withdraw(id)
      }
    }
    return failure
  }

  private func tellRefused() -> KernelError? {
    let lost = places.indices.filter { series in
      if case .refused = places[series] { reading.table.present[series] } else { false }
    }
    if lost.isEmpty { return nil }
    return reading.source.wasRefused(lost.map { reading.table.descriptors[$0] }, in: &reading.table)
  }

  private func id(of series: Int, in table: inout SampleTable) -> Int? {
    if case .unregistered = places[series] {
      places[series] = table.register(reading.table.descriptors[series]).map { .id($0) } ?? .refused
    }
    if case .id(let id) = places[series] { return id }
    return nil
  }

  /// Makes its series absent.
  func withdraw(from table: inout SampleTable) {
    if hasLostPlaces { table.withdrawAll() }
    hasLostPlaces = false
    for case .id(let id) in places { table.withdraw(id) }
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
