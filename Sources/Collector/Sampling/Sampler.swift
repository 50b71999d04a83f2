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
    slots = sources.map { SourceSlot($0) }
  }

  /// How the sources are doing, in the order they are read.
  public var statuses: [SourceStatus] { slots.map(\.status) }

  /// Mounts that have not answered in time.
  public var stuckMounts: [StuckMount] { filesystems.stuckMounts(at: clock()) }

  /// Questions to mounts that were not asked, because too many waited already.
  public var refusedMountQuestions: Int { filesystems.refusedQuestions }

  /// Reads every source once. It begins the table's pass; the caller may set series of its own afterwards.
  public func sample(into table: inout SampleTable) {
    table.begin()
    for index in slots.indices {
      let changed = slots[index].sample(into: &table, reading: &buffer, at: clock(), clock: clock)
      if changed { availabilityChanges += 1 }
    }
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
