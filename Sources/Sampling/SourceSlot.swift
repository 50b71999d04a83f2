import GRPC
import ProcFS
import Wire

/// A source in the sampler's list, with what is known about it.
///
/// Two series tell about each: `muster_collector_source_up`, 1 or 0, and absent if the kernel does not offer
/// the source; and `muster_collector_source_read_seconds_total`.
struct SourceSlot {
  let kind: SourceKind
  var source: any Source
  private(set) var status: SourceStatus
  /// How it is to be read.
  var settings = SourceSettings() {
    didSet {
      status.isEnabled = settings.isEnabled
      if settings != oldValue { lastMultiple = nil }
    }
  }
  private var about: FixedSeries
  private var nextTry = Int64.min
  /// Which multiple of its interval it was read in last.
  private var lastMultiple: Int64?

  init(_ kind: SourceKind, _ context: SourceContext) {
    self.kind = kind
    source = kind.make(context)
    status = SourceStatus(name: kind.name)
    about = FixedSeries(Self.metrics, [kind.name])
  }

  /// What there is of every source.
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
    guard let microseconds, let interval = settings.interval ?? kind.interval else { return true }
    let length = max(1, interval.saturatedMicroseconds)
    // Rounded down, also before 1970.
    let multiple = microseconds / length - (microseconds % length < 0 ? 1 : 0)
    guard multiple != lastMultiple else { return false }
    lastMultiple = multiple
    return true
  }

  /// Reads the source, if it is to be tried at all, and tells about it. True if its availability changed.
  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at started: Int64, clock: () -> Int64
  ) -> Bool {
    guard started >= nextTry else { return false }
    var availability = Availability.ok
    do {
      try source.sample(into: &table, reading: &buffer, at: started)
    } catch {
      availability = Availability(error)
    }
    let changed = note(availability, started: started, ended: clock())
    showStatus(in: &table)
    return changed
  }

  /// Has people's own metrics read elsewhere, at once. Other sources are not concerned.
  mutating func readTextFiles(in directory: String) {
    guard let textfiles = source as? TextFileSource else { return }
    textfiles.directory = directory
    nextTry = .min
    lastMultiple = nil
  }

  /// Forgets the ids of series.
  mutating func forgetSeries() {
    source.forgetSeries()
    about.forget()
  }

  private mutating func note(_ availability: Availability, started: Int64, ended: Int64) -> Bool {
    let changed = status.availability.word != availability.word
    if changed { status.sinceNanoseconds = started }
    status.availability = availability
    status.lastReadNanoseconds = ended - started
    status.totalReadNanoseconds += ended - started
    if case .unsupported = availability { nextTry = ended + Sampler.unsupportedRetryNanoseconds }
    return changed
  }

  private mutating func showStatus(in table: inout SampleTable) {
    if case .unsupported = status.availability { return }
    guard let first = about.first(in: &table) else { return }
    table.set(first, status.availability.error == nil ? 1 : 0)
    // Microseconds are fine enough for a sum, and two bytes shorter in every frame than nanoseconds.
    table.set(first + 1, status.totalReadNanoseconds / 1000)
  }
}
