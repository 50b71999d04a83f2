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

  private static let ticksPerSecond = max(sysconf(Int32(_SC_CLK_TCK)), 1)

  private static let time = Metric.counter(
    "node_cpu_seconds_total",
    "Time a CPU spent in a mode; `user` and `nice` contain the time of guests.", labels: ["cpu", "mode"],
    divisor: UInt32(clamping: ticksPerSecond))
  private static let guestTime = Metric.counter(
    "node_cpu_guest_seconds_total", "Time a CPU spent running guests.", labels: ["cpu", "mode"],
    divisor: UInt32(clamping: ticksPerSecond))

  static let metrics = [time, guestTime]

  private static let modes: [(Stat.Mode, metric: Metric, label: String)] = [
    (.user, time, "user"), (.nice, time, "nice"), (.system, time, "system"), (.idle, time, "idle"),
    (.iowait, time, "iowait"), (.irq, time, "irq"), (.softirq, time, "softirq"), (.steal, time, "steal"),
    (.guest, guestTime, "user"), (.guestNice, guestTime, "nice"),
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

  /// Sets the series of one CPU.
  mutating func show(_ cpu: Stat.CPU, in table: inout SampleTable) {
    while cpus.count <= cpu.number { cpus.append(CPU()) }
    if !cpus[cpu.number].isRegistered { register(cpu, in: &table) }
    let idle = Stat.Mode.idle.rawValue
    if cpus[cpu.number].ticks[idle] - cpu.ticks[idle] >= Int64(Self.ticksPerSecond * Self.restartSeconds) {
      cpus[cpu.number].ticks = .init(repeating: 0)
    }
    let now = cpu.ticks.span
    for mode in 0..<cpu.count {
      let ticks = max(cpus[cpu.number].ticks[mode], now[mode])
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
    for (mode, metric, label) in Self.modes {
      let isWritten = mode.rawValue < cpu.count
      cpus[cpu.number].ids[mode.rawValue] =
        isWritten ? table.register(metric.series("\(cpu.number)", label)) ?? -1 : -1
    }
  }
}
