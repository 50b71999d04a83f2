import ProcFS
import Wire

/// `/proc/stat`: `node_cpu_*`, context switches, interrupts, forks, boot time, tasks.
struct StatSource: Source {
  let name = "stat"

  private let file: KernelFile
  private var stat = Stat()
  private var cpus = CPUSeries()
  private var system = FixedSeries([
    SeriesDescriptor("node_intr_total", kind: .counter),
    SeriesDescriptor("node_context_switches_total", kind: .counter),
    SeriesDescriptor("node_boot_time_seconds", kind: .gauge, unit: "seconds"),
    SeriesDescriptor("node_forks_total", kind: .counter),
    SeriesDescriptor("node_procs_running", kind: .gauge),
    SeriesDescriptor("node_procs_blocked", kind: .gauge),
  ])

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
