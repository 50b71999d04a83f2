import ProcFS
import Wire

/// What is shown of a cgroup: one list of metrics, in whose order values are kept.
enum CgroupColumns {
  /// Lines of a file by name, and their metrics.
  typealias Lines = [(name: StaticString, metric: Metric)]

  static let labels = ["cgroup", "kind", "name"]

  static let cpuStat: Lines = [
    ("usage_usec", time("cpu_usage", "CPU time used.")),
    ("user_usec", time("cpu_user", "CPU time used in user mode.")),
    ("system_usec", time("cpu_system", "CPU time used in kernel mode.")),
    ("nr_periods", counter("cpu_periods_total", "Periods of the CPU limit in which it ran.")),
    (
      "nr_throttled", counter("cpu_throttled_periods_total", "Periods in which it had used up its CPU limit.")
    ),
    (
      "throttled_usec",
      time("cpu_throttled", "Time in which its CPU limit kept it waiting, summed over CPUs.")
    ),
  ]
  private static var cpuLimitMetric: Metric {
    var metric = gauge(
      "cpu_limit_cores", "CPUs that it may use at a time, if there is a limit: quota by period.")
    metric.type = .double
    return metric
  }
  private static let memory = [
    gauge("memory_current_bytes", "Memory charged to it, page cache and kernel memory included."),
    gauge("memory_swap_bytes", "Swap that it uses."),
  ]
  private static let memoryLimits = [
    gauge("memory_max_bytes", "Memory beyond which it is out of memory, if there is a limit."),
    gauge("memory_high_bytes", "Memory beyond which it is slowed down, if there is a limit."),
  ]
  static let memoryStat: Lines = [
    ("anon", gauge("memory_anon_bytes", "Anonymous memory.")),
    ("file", gauge("memory_file_bytes", "Page cache, tmpfs and shared memory included.")),
    ("kernel", gauge("memory_kernel_bytes", "Kernel memory, slab and stacks included (since Linux 5.18).")),
    ("slab", gauge("memory_slab_bytes", "Kernel data structures.")),
    ("sock", gauge("memory_sock_bytes", "Buffers of network connections.")),
    ("shmem", gauge("memory_shmem_bytes", "Page cache backed by swap: tmpfs, shared memory.")),
    ("file_mapped", gauge("memory_file_mapped_bytes", "Page cache that is mapped.")),
    ("file_dirty", gauge("memory_file_dirty_bytes", "Page cache that waits to be written.")),
    ("pgmajfault", counter("memory_major_faults_total", "Page faults that waited for storage.")),
    (
      "workingset_refault_anon",
      counter("memory_refaults_anon_total", "Pages swapped in soon after they went out.")
    ),
    (
      "workingset_refault_file",
      counter("memory_refaults_file_total", "Pages of files read again soon after eviction.")
    ),
  ]
  static let memoryEvents: Lines = [
    (
      "low", counter("memory_low_events_total", "Reclaims although it was below its protection `memory.low`.")
    ),
    ("high", counter("memory_high_events_total", "Times it was slowed down for being above `memory.high`.")),
    ("max", counter("memory_max_events_total", "Times it was about to exceed `memory.max`.")),
    ("oom", counter("memory_oom_events_total", "Times it was out of memory.")),
    ("oom_kill", counter("memory_oom_kills_total", "Processes of it killed for lack of memory.")),
  ]
  private static let io = [
    counter("io_read_bytes_total", "Bytes read from block devices."),
    counter("io_written_bytes_total", "Bytes written to block devices."),
    counter("io_reads_total", "Reads from block devices."),
    counter("io_writes_total", "Writes to block devices."),
  ]
  private static let tasks = gauge("pids", "Processes and threads in it.")
  private static let pressure = CgroupReader.resources.flatMap { resource in
    [
      time(
        "pressure_\(resource.rawValue)_waiting", "Time in which a task of it waited for \(resource.rawValue)."
      ),
      time(
        "pressure_\(resource.rawValue)_stalled", "Time in which all tasks of it that were not idle waited."),
    ]
  }

  /// All of them: first those that can be added up over cgroups, then those that cannot (limits, pressure).
  static let metrics: [Metric] = {
    let memoryLines = memoryStat.map(\.metric) + memoryEvents.map(\.metric)
    return cpuStat.map(\.metric) + memory + memoryLines + io + [tasks] + [cpuLimitMetric] + memoryLimits
      + pressure
  }()
  /// Of each, whether it is a counter.
  static let isCounter = metrics.map { $0.kind == .counter }

  static let firstOfMemory = cpuStat.count
  static let firstOfMemoryStat = firstOfMemory + memory.count
  static let firstOfMemoryEvents = firstOfMemoryStat + memoryStat.count
  static let firstOfIO = firstOfMemoryEvents + memoryEvents.count
  static let pids = firstOfIO + io.count
  static let cpuLimit = pids + 1
  static let firstOfMemoryLimits = cpuLimit + 1
  static let firstOfPressure = firstOfMemoryLimits + memoryLimits.count
  static let count = metrics.count
  /// So many are summed in a row of several cgroups.
  static let summable = cpuLimit

  private static func counter(_ name: String, _ help: String) -> Metric {
    .counter("node_cgroup_" + name, help, labels: labels)
  }

  private static func time(_ name: String, _ help: String) -> Metric {
    .counter("node_cgroup_\(name)_seconds_total", help, labels: labels, divisor: 1_000_000)
  }

  private static func gauge(_ name: String, _ help: String) -> Metric {
    .gauge("node_cgroup_" + name, help, labels: labels)
  }
}

/// Values by column, and which of them are known. It lies where it is kept, so that copying allocates nothing.
struct CgroupValues {
  private var raw = InlineArray<40, Int64>(repeating: 0)
  private var known: UInt64 = 0

  subscript(column: Int) -> Int64? {
    @inline(__always) get { known >> UInt64(column) & 1 == 1 ? raw[column] : nil }
    set {
      let bit: UInt64 = 1 << UInt64(column)
      known = newValue == nil ? known & ~bit : known | bit
      raw[column] = newValue ?? 0
    }
  }

  /// Takes over what was read of limits, and nothing else.
  mutating func takeLimits(of earlier: CgroupValues?) {
    for column in CgroupColumns.cpuLimit..<CgroupColumns.firstOfPressure { self[column] = earlier?[column] }
  }

  /// Forgets all values.
  mutating func clear() { known = 0 }
}
