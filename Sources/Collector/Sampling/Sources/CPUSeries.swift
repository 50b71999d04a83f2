import Glibc
import ProcFS
import Wire

/// `node_cpu_seconds_total` and `node_cpu_guest_seconds_total` of each CPU.
///
/// The kernel's times of a CPU step back a little now and then (idle and iowait are computed without locks);
/// as node_exporter does, a time is then held at what it was. When idle time falls by seconds, the CPU was
/// unplugged and came back, and its times start anew.
struct CPUSeries {
  /// A fall of idle time by this much is a new start.
  private static let restartSeconds = 3

  private static let modes: [(Stat.Mode, name: String, label: String)] = [
    (.user, "node_cpu_seconds_total", "user"),
    (.nice, "node_cpu_seconds_total", "nice"),
    (.system, "node_cpu_seconds_total", "system"),
    (.idle, "node_cpu_seconds_total", "idle"),
    (.iowait, "node_cpu_seconds_total", "iowait"),
    (.irq, "node_cpu_seconds_total", "irq"),
    (.softirq, "node_cpu_seconds_total", "softirq"),
    (.steal, "node_cpu_seconds_total", "steal"),
    (.guest, "node_cpu_guest_seconds_total", "user"),
    (.guestNice, "node_cpu_guest_seconds_total", "nice"),
  ]

  private struct CPU {
    /// The ids by mode; -1 if there is no series.
    var ids: InlineArray<10, Int> = .init(repeating: -1)
    var isRegistered = false
    /// The times shown last, in ticks.
    var ticks: InlineArray<10, Int64> = .init(repeating: 0)
  }

  /// By the CPU's number, which ``Stat`` bounds.
  private var cpus: [CPU] = []
  private let ticksPerSecond = max(sysconf(Int32(_SC_CLK_TCK)), 1)

  /// Sets the series of one CPU.
  mutating func show(_ cpu: Stat.CPU, in table: inout SampleTable) {
    while cpus.count <= cpu.number { cpus.append(CPU()) }
    if !cpus[cpu.number].isRegistered { register(cpu, in: &table) }
    let idle = Stat.Mode.idle.rawValue
    if cpus[cpu.number].ticks[idle] - cpu.ticks[idle] >= Int64(ticksPerSecond * Self.restartSeconds) {
      cpus[cpu.number].ticks = .init(repeating: 0)
    }
    for mode in 0..<cpu.count {
      let ticks = max(cpus[cpu.number].ticks[mode], cpu.ticks[mode])
      cpus[cpu.number].ticks[mode] = ticks
      let id = cpus[cpu.number].ids[mode]
      if id >= 0 { table.set(id, ticks) }
    }
  }

  /// Forgets the ids, not the times.
  mutating func forget() {
    for number in cpus.indices { cpus[number].isRegistered = false }
  }

  private mutating func register(_ cpu: Stat.CPU, in table: inout SampleTable) {
    cpus[cpu.number].isRegistered = true
    for (mode, name, label) in Self.modes {
      let isWritten = mode.rawValue < cpu.count
      cpus[cpu.number].ids[mode.rawValue] =
        isWritten
        ? table.register(
          SeriesDescriptor(
            name, labels: [Label("cpu", "\(cpu.number)"), Label("mode", label)], kind: .counter,
            unit: "seconds",
            divisor: UInt32(clamping: ticksPerSecond))) ?? -1 : -1
    }
  }
}
