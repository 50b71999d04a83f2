public import ProcFS

/// All sources of a host, read in a fixed order into one table.
///
/// A source that fails costs the others nothing: its series are absent in the pass, and its status says since
/// when and why. What the kernel does not offer is asked for again only now and then.
///
/// Not thread-safe: it lives on the collector's loop.
public final class Sampler {
  /// How often a source that the kernel does not offer is tried again: every minute.
  public static let unsupportedRetryNanoseconds: Int64 = 60_000_000_000

  /// Counts up whenever the availability of a source changes.
  public private(set) var availabilityChanges = 0

  private let clock: @Sendable () -> Int64
  private let filesystems: FilesystemSource?
  /// What is read, and what is left out.
  public private(set) var settings: SamplingSettings
  private var slots: [SourceSlot]
  /// By registrant (the slot's number and one), in the pass under way: what stays as it is, and what is read.
  private var isKept: [Bool]
  private var buffer = ReadBuffer()

  /// A sampler of the host whose files are at `root`.
  ///
  /// `clock` counts nanoseconds and never goes back; it measures the sources and says what is overdue. It is
  /// called from other threads, too.
  public init(
    root: ProcRoot = ProcRoot(), filters: FilterSettings = FilterSettings(), calls: KernelCalls = .live,
    clock: @escaping @Sendable () -> Int64
  ) {
    self.clock = clock
    settings = SamplingSettings(filters: filters)
    let context = SourceContext(root: root, filters: filters, calls: calls, clock: clock)
    slots = SourceCatalogue.all.map { SourceSlot($0, context) }
    precondition(slots.count < UInt8.max, "a registrant's number for each source")
    isKept = Array(repeating: false, count: slots.count + 1)
    filesystems = slots.lazy.compactMap { $0.source as? FilesystemSource }.first
  }

  /// How the sources are doing, in the order they are read.
  public var statuses: [SourceStatus] { slots.map(\.status) }

  /// Mounts that have not answered in time.
  public var stuckMounts: [StuckMount] { filesystems?.stuckMounts(at: clock()) ?? [] }

  /// Questions to mounts that were not asked, because too many waited already.
  public var refusedMountQuestions: Int { filesystems?.refusedQuestions ?? 0 }

  /// Reads every source that is on. It begins the table's pass; the caller may set series of its own
  /// afterwards.
  ///
  /// - Parameter wallMicroseconds: the time of the sample. A source with an interval of its own is read when
  ///   a multiple of that has passed, and keeps its values otherwise; nil reads it in any case.
  public func sample(into table: inout SampleTable, atWall wallMicroseconds: Int64? = nil) {
    for index in slots.indices {
      isKept[index + 1] = slots[index].settings.isEnabled && !slots[index].isDue(atWall: wallMicroseconds)
    }
    table.begin(keeping: isKept)
    for index in slots.indices where !isKept[index + 1] && slots[index].settings.isEnabled {
      table.registrant = UInt8(index + 1)
      let changed = slots[index].sample(into: &table, reading: &buffer, at: clock(), clock: clock)
      if changed { availabilityChanges += 1 }
    }
    table.registrant = 0
  }

  /// Reads and leaves out something else from the next sample on. Sources that are not concerned go on as
  /// they are, and a series that stays keeps its id.
  public func apply(_ settings: SamplingSettings, to table: inout SampleTable) {
    if settings.filters != self.settings.filters {
      for index in slots.indices { slots[index].source.refilter(settings.filters) }
    }
    for index in slots.indices {
      slots[index].settings = settings.sources[slots[index].status.name] ?? SourceSettings()
    }
    self.settings = settings
  }

  /// Waits for the answers of mounts and the like that the last pass did not wait for, `nanoseconds` at most: the
  /// next pass has them. For a program that samples once; a loop never waits.
  public func awaitMounts(nanoseconds: Int64) {
    let deadline = clock() + nanoseconds
    for index in slots.indices where slots[index].settings.isEnabled {
      slots[index].source.awaitAnswers(nanoseconds: max(0, deadline - clock()))
    }
  }

  /// Forgets the ids of all series, because the table starts over. Counters and what is being waited for
  /// stay as they are.
  public func forgetSeries() {
    for index in slots.indices { slots[index].forgetSeries() }
  }
}
