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
  private let filesystems: FilesystemSource
  /// What is read, and what is left out.
  public private(set) var settings: SamplingSettings
  private var slots: [SourceSlot]
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
    filesystems = FilesystemSource(root: root, filters: filters, calls: calls, clock: clock)
    var sources: [any Source] = [
      StatSource(root: root),
      LoadAverageSource(root: root),
      KeyedValuesSource.memoryInfo(root: root),
      KeyedValuesSource.vmstat(root: root, fields: filters.vmstatFields),
      DiskStatsSource(root: root, devices: filters.diskDevices),
      filesystems,
      NetDevSource(root: root, interfaces: filters.networkInterfaces),
    ]
    for resource in Pressure.Resource.allCases { sources.append(PressureSource(resource, root: root)) }
    sources.append(UptimeSource(root: root))
    sources.append(UnameSource(refresh: calls.refreshSystemName))
    precondition(sources.count < SampleTable.maximumRegistrants, "a bit for each source")
    slots = sources.map { SourceSlot($0) }
  }

  /// How the sources are doing, in the order they are read.
  public var statuses: [SourceStatus] { slots.map(\.status) }

  /// Mounts that have not answered in time.
  public var stuckMounts: [StuckMount] { filesystems.stuckMounts(at: clock()) }

  /// Questions to mounts that were not asked, because too many waited already.
  public var refusedMountQuestions: Int { filesystems.refusedQuestions }

  /// Reads every source that is on. It begins the table's pass; the caller may set series of its own
  /// afterwards.
  ///
  /// - Parameter wallMicroseconds: the time of the sample. A source with an interval of its own is read when
  ///   a multiple of that has passed, and keeps its values otherwise; nil reads it in any case.
  public func sample(into table: inout SampleTable, atWall wallMicroseconds: Int64? = nil) {
    var due: UInt64 = 0
    var kept: UInt64 = 0
    for index in slots.indices {
      let bit: UInt64 = 1 << UInt64(index + 1)
      if slots[index].isDue(atWall: wallMicroseconds) { due |= bit } else { kept |= bit }
      if !slots[index].settings.isEnabled { kept &= ~bit }
    }
    table.begin(keeping: kept)
    for index in slots.indices where due & (1 << UInt64(index + 1)) != 0 {
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
      table.indexSeries()
      for index in slots.indices { slots[index].source.refilter(settings.filters) }
    }
    for index in slots.indices {
      slots[index].settings = settings.sources[slots[index].status.name] ?? SourceSettings()
    }
    self.settings = settings
  }

  /// Waits for the answers of mounts that the last pass did not wait for, `nanoseconds` at most: the next
  /// pass has them. For a program that samples once; a loop never waits.
  public func awaitMounts(nanoseconds: Int64) {
    filesystems.awaitAnswers(nanoseconds: nanoseconds)
  }

  /// Forgets the ids of all series, because the table starts over. Counters and what is being waited for
  /// stay as they are.
  public func forgetSeries() {
    for index in slots.indices { slots[index].forgetSeries() }
  }
}
