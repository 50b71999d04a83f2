import ProcFS
import Wire

/// `/proc/net/softnet_stat`: `node_softnet_*` of each CPU.
struct SoftNetSource: Source {
  /// One for each ``SoftNet/Column``, in their order.
  static let metrics = [
    column("processed_total", "Packets that a CPU took from network cards."),
    column("dropped_total", "Packets dropped because the CPU's queue was full."),
    column(
      "times_squeezed_total",
      "How often a CPU had more packets to process than it was given time or budget for."),
    column("cpu_collision_total", "Collisions on a device's lock; always 0 since Linux 4.8."),
    column("received_rps_total", "How often another CPU woke this one to process packets."),
    column("flow_limit_count_total", "Packets dropped because their flow was over its limit."),
    Metric.gauge("node_softnet_backlog_len", "Packets waiting in a CPU's queues.", labels: ["cpu"]),
  ]

  private static func column(_ name: String, _ help: String) -> Metric {
    .counter("node_softnet_" + name, help, labels: ["cpu"])
  }

  private let file: KernelFile
  private let onlineFile: KernelFile
  private var softNet = SoftNet()
  private var online = CPUList()
  /// By the CPU's number, which ``SoftNet`` bounds: the id of its first series.
  private var cpus: [CPU] = []

  private enum CPU {
    case unknown
    case refused
    case registered(first: Int, width: Int)
  }

  init(root: ProcRoot) {
    file = KernelFile(SoftNet.path, of: root, shape: .records(maximumBytes: 256))
    onlineFile = KernelFile(CPUList.onlinePath, of: root, shape: .record)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try softNet.parse(try file.read(into: &buffer))
    if softNet.cpus.contains(where: { $0.number == nil }) { try readOnlineCPUs(&buffer) }
    for (place, cpu) in softNet.cpus.enumerated() {
      show(cpu, number: cpu.number ?? online.numbers[place], in: &table)
    }
  }

  /// Before Linux 5.10 the n-th line was that of the n-th CPU that is online.
  private mutating func readOnlineCPUs(_ buffer: inout ReadBuffer) throws(KernelError) {
    online = try CPUList(try onlineFile.read(into: &buffer), path: onlineFile.path)
    guard online.numbers.count == softNet.cpus.count else {
      throw .malformed(
        file: CPUList.onlinePath, line: 1, reason: "a list of \(softNet.cpus.count) CPUs is expected")
    }
  }

  private mutating func show(_ cpu: SoftNet.CPU, number: Int, in table: inout SampleTable) {
    while cpus.count <= number { cpus.append(.unknown) }
    if case .unknown = cpus[number] { cpus[number] = register(cpu, number: number, in: &table) }
    guard case .registered(let first, let width) = cpus[number] else { return }
    for column in 0..<min(width, cpu.count) { table.set(first + column, cpu.values[column]) }
  }

  private func register(_ cpu: SoftNet.CPU, number: Int, in table: inout SampleTable) -> CPU {
    let first = table.register(Array(Self.metrics[..<cpu.count]), "\(number)")
    return first.map { .registered(first: $0, width: cpu.count) } ?? .refused
  }

  mutating func forgetSeries() {
    cpus.removeAll()
  }
}
