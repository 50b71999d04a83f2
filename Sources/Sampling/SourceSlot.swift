import GRPC
import ProcFS
import Wire

/// A source in the sampler's list, with what is known about it.
///
/// Two series tell about each: `muster_collector_source_up`, 1 or 0, and absent if the kernel does not offer
/// the source; and `muster_collector_source_read_seconds_total`.
struct SourceSlot {
  let kind: SourceKind
  /// Nil if it is read in the background.
  private(set) var source: (any Source)?
  private var background: BackgroundSource?
  private(set) var status: SourceStatus
  /// How it is to be read.
  var settings = SourceSettings() {
    didSet {
      status.isEnabled = settings.isEnabled
      intervalMicroseconds = (settings.interval ?? kind.interval)?.saturatedMicroseconds
      if settings != oldValue { lastMultiple = nil }
      if !settings.isEnabled { background?.discard() }
    }
  }
  private var about: FixedSeries
  private var nextTry = Int64.min
  /// How often it is read; nil: with every sample.
  private var intervalMicroseconds: Int64?
  /// Which multiple of its interval it was read in last.
  private var lastMultiple: Int64?

  init(_ kind: SourceKind, _ context: SourceContext) {
    self.kind = kind
    let made = kind.make(context)
    source = kind.mayBlock ? nil : made
    background = kind.mayBlock ? BackgroundSource(made, clock: context.clock) : nil
    status = SourceStatus(name: kind.name)
    intervalMicroseconds = kind.interval?.saturatedMicroseconds
    about = FixedSeries(Self.metrics, [kind.name])
  }

  static let metrics = [
    Metric.gauge(
      "muster_collector_source_up",
      "Whether the source gives values: 1 or 0; absent if the kernel does not offer it.", labels: ["source"]),
    Metric.counter(
      "muster_collector_source_read_seconds_total", "Time spent reading the source.", labels: ["source"],
      divisor: 1_000_000),
  ]

  /// Whether it is to be read in a sample at this time of the wall clock; asked once per sample. nil: a time
  /// that no interval counts for.
  mutating func isDue(atWall microseconds: Int64?) -> Bool {
    guard settings.isEnabled else { return false }
    guard let microseconds, let intervalMicroseconds else { return true }
    let length = max(1, intervalMicroseconds)
    // Rounded down, also before 1970.
    let multiple = microseconds / length - (microseconds % length < 0 ? 1 : 0)
    guard multiple != lastMultiple else { return false }
    lastMultiple = multiple
    return true
  }

  /// Whether it is read in the background: with ``ask(into:at:)`` and ``take(into:at:)``.
  var isInBackground: Bool { background != nil }

  /// Reads the source, if it is to be tried at all, and tells about it. True if its availability changed.
  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at started: Int64, clock: () -> Int64
  ) -> Bool {
    guard started >= nextTry else { return false }
    var failure: KernelError?
    do {
      try source?.sample(into: &table, reading: &buffer, at: started)
    } catch {
      failure = error
    }
    return note(BackgroundSource.Answer(failure: failure, started: started, ended: clock()), in: &table)
  }

  /// Lets a source in the background be read, if it is to be tried at all. An answer that has come since the
  /// last pass is shown first. True if its availability changed.
  mutating func ask(into table: inout SampleTable, at now: Int64) -> Bool {
    guard now >= nextTry else { return false }
    let changed = take(into: &table, at: now)
    if now >= nextTry { background?.ask(at: now) }
    return changed
  }

  /// Shows what a source in the background has brought, if there is anything new, and tells about it. True if
  /// its availability changed.
  mutating func take(into table: inout SampleTable, at now: Int64) -> Bool {
    switch background?.take(into: &table, at: now) {
    case nil: return false
    case .ended(let answer): return note(answer, in: &table)
    case .overdue(let since):
      let seconds = (now - since) / 1_000_000_000
      let changed = become(
        .failing(.unanswered(path: kind.reads.first ?? kind.name, seconds: seconds)), since: since)
      showStatus(in: &table)
      return changed
    }
  }

  /// The processes it has found, if that is what it looks for; nil: none, or it is looking just now.
  var processes: ProcessTable? {
    guard settings.isEnabled, status.availability.error == nil else { return nil }
    return (background?.idleSource as? ProcessesSource)?.table
  }

  /// Whether it would show more if the ids of its series were forgotten.
  var lacksRows: Bool { settings.isEnabled && source?.lacksRows == true }

  /// Whether its device has not answered in time.
  var isUnanswered: Bool {
    if case .failing(.unanswered) = status.availability { return true }
    return false
  }

  /// Waits for what the last pass did not wait for until `end`, by the sampler's clock, at most.
  mutating func awaitAnswer(until end: Int64, clock: () -> Int64) {
    background?.awaitAnswer(until: end)
    source?.awaitAnswers(nanoseconds: max(0, end - clock()))
  }

  /// Forgets the ids of series.
  mutating func forgetSeries() {
    source?.forgetSeries()
    background?.forgetSeries()
    about.forget()
    // A class without devices says again that it is there.
    if !isUnsupported { nextTry = .min }
  }

  /// Takes other filters.
  mutating func refilter(_ filters: FilterSettings) {
    source?.refilter(filters)
    background?.refilter(filters)
  }

  private mutating func note(_ answer: BackgroundSource.Answer, in table: inout SampleTable) -> Bool {
    let changed = become(answer.failure.map { Availability($0) } ?? .ok, since: answer.started)
    status.lastReadNanoseconds = answer.ended - answer.started
    status.totalReadNanoseconds += answer.ended - answer.started
    // No thread every few seconds for what is not there.
    if isUnsupported || answer.isEmpty { nextTry = answer.ended + Sampler.unsupportedRetryNanoseconds }
    showStatus(in: &table)
    return changed
  }

  /// Has a source in the background read something else, at once. What is being read still is left to its thread:
  /// it may never be answered.
  mutating func startAnew(_ context: SourceContext, in table: inout SampleTable) {
    guard let old = background else { return }
    old.withdraw(from: &table)
    background = BackgroundSource(kind.make(context), clock: context.clock)
    nextTry = .min
    lastMultiple = nil
  }

  private var isUnsupported: Bool {
    if case .unsupported = status.availability { return true }
    return false
  }

  private mutating func become(_ availability: Availability, since: Int64) -> Bool {
    let changed = status.availability.word != availability.word
    if changed { status.sinceNanoseconds = since }
    status.availability = availability
    return changed
  }

  private mutating func showStatus(in table: inout SampleTable) {
    if isUnsupported {
      about.withdraw(from: &table)
      return
    }
    guard let first = about.first(in: &table) else { return }
    table.set(first, status.availability.error == nil ? 1 : 0)
    // Microseconds are fine enough for a sum, and two bytes shorter in every frame than nanoseconds.
    table.set(first + 1, status.totalReadNanoseconds / 1000)
  }
}
