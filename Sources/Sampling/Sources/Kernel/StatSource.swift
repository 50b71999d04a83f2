import ProcFS
import Wire

/// `/proc/stat`: `node_cpu_*`, context switches, interrupts, forks, boot time, tasks.
struct StatSource: Source {
  private let file: KernelFile
  private var stat = Stat()
  private var cpus = CPUSeries()
  private var system = FixedSeries(metrics)

  static let metrics = [
    Metric.counter("node_intr_total", "Interrupts serviced."),
    Metric.counter("node_context_switches_total", "Context switches, over all CPUs."),
    Metric.gauge("node_boot_time_seconds", "When the system booted, in seconds since 1970."),
    Metric.counter("node_forks_total", "Processes and threads created."),
    Metric.gauge("node_procs_running", "Threads running or ready to run."),
    Metric.gauge("node_procs_blocked", "Processes blocked, waiting for I/O to complete."),
  ]

  init(root: ProcRoot) {
    file = KernelFile(Stat.path, of: root, shape: .record)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try stat.parse(try file.read(into: &buffer))
    for cpu in stat.cpus { cpus.show(cpu, in: &table) }
    guard let first = system.first(in: &table) else { return }
    table.set(first, ifKnown: stat.interrupts)
    table.set(first + 1, ifKnown: stat.contextSwitches)
    table.set(first + 2, ifKnown: stat.bootTime)
    table.set(first + 3, ifKnown: stat.forks)
    table.set(first + 4, ifKnown: stat.running)
    table.set(first + 5, ifKnown: stat.blocked)
  }

  mutating func forgetSeries() {
    cpus.forget()
    system.forget()
  }
}
