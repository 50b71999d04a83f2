public import ProcFS

/// All sources of a host, read in a fixed order into one table.
///
/// A source that fails costs the others nothing: its series are absent in the pass, and its status says since
/// when and why. What the kernel does not offer is asked for again only now and then.
///
/// Not thread-safe: it lives on the collector's loop.
public final class Sampler {
  /// How often a source that the kernel does not offer, or a class without devices, is tried again: every minute.
  public static let unsupportedRetryNanoseconds: Int64 = 60_000_000_000

  /// Counts up whenever the availability of a source changes.
  public private(set) var availabilityChanges = 0

  private let clock: @Sendable () -> Int64
  private var context: SourceContext
  private let filesystems: FilesystemSource?
  /// What is read, and what is left out.
  public private(set) var settings: SamplingSettings
  private var slots: [SourceSlot]
  private let processesSlot: Int
  /// In the pass under way: what stays as it is, by registrant (the slot's number and one); what is read, by slot.
  private var isKept: [Bool]
  private var isRead: [Bool]
  private var buffer = ReadBuffer()

  /// A sampler of the host whose files are at `root`.
  ///
  /// `clock` counts nanoseconds and never goes back; it measures the sources and says what is overdue. It is
  /// called from other threads, too.
  ///
  /// - Parameter unasked: sources that are not read: another sampler waits for their devices already, and each
  ///   more that does costs another thread.
  public init(
    root: ProcRoot = ProcRoot(), filters: FilterSettings = FilterSettings(), textfileDirectory: String = "",
    calls: KernelCalls = .live, sparing unasked: Set<String> = [], clock: @escaping @Sendable () -> Int64
  ) {
    self.clock = clock
    settings = SamplingSettings(filters: filters, textfileDirectory: textfileDirectory)
    context = SourceContext(
      root: root, filters: filters, textfileDirectory: textfileDirectory, calls: calls, clock: clock)
    slots = SourceCatalogue.all.filter { !unasked.contains($0.name) }.map { [context] in
      SourceSlot($0, context)
    }
    processesSlot = slots.firstIndex { $0.kind.name == "processes" } ?? 0
    precondition(slots.count < UInt8.max, "a registrant's number for each source")
    isKept = Array(repeating: false, count: slots.count + 1)
    isRead = Array(repeating: false, count: slots.count)
    filesystems = slots.lazy.compactMap { $0.source as? FilesystemSource }.first
  }

  /// How the sources are doing, in the order they are read.
  public var statuses: [SourceStatus] { slots.map(\.status) }

  /// The same, with the number of series that each has in the table.
  public func statuses(countingIn table: borrowing SampleTable) -> [SourceStatus] {
    let counts = table.presentByRegistrant
    return slots.indices.map { index in
      var status = slots[index].status
      status.series = counts[index + 1]
      return status
    }
  }

  /// Mounts that have not answered in time.
  public var stuckMounts: [StuckMount] { filesystems?.stuckMounts(at: clock()) ?? [] }

  /// The processes that used most when last looked at; nil: there was no look, or it is going on just now.
  public var processes: ProcessTable? { slots[processesSlot].processes }

  /// Sources whose devices have not answered in time.
  public var unansweredSources: Set<String> {
    Set(slots.lazy.filter { $0.isUnanswered }.map { $0.status.name })
  }

  /// Questions to mounts that were not asked, because too many waited already.
  public var refusedMountQuestions: Int { filesystems?.refusedQuestions ?? 0 }

  /// Reads every source that is on. It begins the table's pass; the caller may set series of its own
  /// afterwards.
  ///
  /// - Parameter wallMicroseconds: the time of the sample. A source with an interval of its own is read when
  ///   a multiple of that has passed, and keeps its values otherwise; nil reads it in any case.
  /// - Parameter keepsOwners: whether the series of the caller's own stay as they are, too.
  public func sample(
    into table: inout SampleTable, atWall wallMicroseconds: Int64? = nil,
    keepingOwners keepsOwners: Bool = false
  ) {
    isKept[0] = keepsOwners
    // One access to each for the whole pass: the runtime checks every one, and there are hundreds of looks.
    Self.begin(&slots, due: &isRead, keeping: &isKept, in: &table, atWall: wallMicroseconds)
    availabilityChanges += Self.read(&slots, due: isRead, into: &table, reading: &buffer, clock: clock)
    table.registrant = 0
  }

  /// Says which are due, and begins the table's pass without their values.
  private static func begin(
    _ slots: inout [SourceSlot], due isRead: inout [Bool], keeping isKept: inout [Bool],
    in table: inout SampleTable, atWall wallMicroseconds: Int64?
  ) {
    for index in slots.indices {
      let isDue = slots[index].isDue(atWall: wallMicroseconds)
      isRead[index] = isDue
      // What is read in the background withdraws its values itself, when there are others.
      isKept[index + 1] = slots[index].settings.isEnabled && (slots[index].isInBackground || !isDue)
    }
    table.begin(keeping: isKept)
  }

  /// Reads those that are due. How many changed their availability.
  private static func read(
    _ slots: inout [SourceSlot], due isRead: [Bool], into table: inout SampleTable,
    reading buffer: inout ReadBuffer, clock: @Sendable () -> Int64
  ) -> Int {
    var changes = 0
    func count(_ isAvailabilityChanged: Bool) {
      if isAvailabilityChanged { changes += 1 }
    }
    // Those in the background first, so that most have answered by the time the others are read.
    for index in slots.indices where isRead[index] && slots[index].isInBackground {
      table.registrant = UInt8(index + 1)
      count(slots[index].ask(into: &table, at: clock()))
    }
    for index in slots.indices where isRead[index] && !slots[index].isInBackground {
      table.registrant = UInt8(index + 1)
      count(slots[index].sample(into: &table, reading: &buffer, at: clock(), clock: clock))
    }
    for index in slots.indices where slots[index].settings.isEnabled && slots[index].isInBackground {
      table.registrant = UInt8(index + 1)
      count(slots[index].take(into: &table, at: clock()))
    }
    return changes
  }

  /// Reads and leaves out something else from the next sample on. Sources that are not concerned go on as
  /// they are, and a series that stays keeps its id.
  public func apply(_ settings: SamplingSettings, to table: inout SampleTable) {
    if settings.filters != self.settings.filters {
      for index in slots.indices { slots[index].refilter(settings.filters) }
    }
    if settings.textfileDirectory != self.settings.textfileDirectory {
      context.textfileDirectory = settings.textfileDirectory
      for index in slots.indices where slots[index].kind.name == TextFileSource.name {
        table.registrant = UInt8(index + 1)
        slots[index].startAnew(context, in: &table)
      }
      table.registrant = 0
    }
    for index in slots.indices {
      slots[index].settings = settings.sources[slots[index].status.name] ?? SourceSettings()
    }
    self.settings = settings
  }

  /// Waits for the answers of mounts, devices and the like that the last pass did not wait for, `nanoseconds` at
  /// most: the next pass has them. For a program that samples once; a loop never waits.
  public func await(nanoseconds: Int64) {
    let end = clock() + nanoseconds
    for index in slots.indices where slots[index].settings.isEnabled {
      slots[index].awaitAnswer(until: end, clock: clock)
    }
  }

  /// Whether a source left something out because too much had series before, most of it gone by now: compacting the
  /// table helps.
  public var lacksRows: Bool { slots.contains { $0.lacksRows } }

  /// Forgets the ids of all series, because the table was compacted, or starts over. Counters and what is being
  /// waited for stay as they are, and so do the values that a compacted table has.
  public func forgetSeries() {
    for index in slots.indices { slots[index].forgetSeries() }
  }
}
