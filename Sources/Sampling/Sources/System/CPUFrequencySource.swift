import Glibc
import ProcFS
import Wire

/// `/sys/devices/system/cpu/cpu*/cpufreq`: how fast each CPU goes, and may.
///
/// Some kernels (x86, Linux 4.14 to 5.17) measure the frequency when the file is read, and sleep 10 ms or 20 for that,
/// CPU by CPU; and some drivers ask firmware. So it is read in the background. A pass takes no longer than
/// ``budgetNanoseconds``, so that a program that samples once has an answer: CPUs it does not reach are absent in it,
/// and the first ones of the next.
struct CPUFrequencySource: Source {
  /// How long a pass may go on to another CPU: half a second.
  static let budgetNanoseconds: Int64 = 500_000_000

  private static let attributes: [(file: String, metric: Metric)] = [
    ("cpuinfo_cur_freq", hertz("node_cpu_frequency_hertz", "How fast a CPU goes, by its own word.")),
    ("cpuinfo_min_freq", hertz("node_cpu_frequency_min_hertz", "How slow a CPU can go.")),
    ("cpuinfo_max_freq", hertz("node_cpu_frequency_max_hertz", "How fast a CPU can go.")),
    ("scaling_cur_freq", hertz("node_cpu_scaling_frequency_hertz", "How fast a CPU goes, by the kernel's.")),
    ("scaling_min_freq", hertz("node_cpu_scaling_frequency_min_hertz", "How slow a CPU is let go.")),
    ("scaling_max_freq", hertz("node_cpu_scaling_frequency_max_hertz", "How fast a CPU is let go.")),
  ]

  private static func hertz(_ name: String, _ help: String) -> Metric {
    .gauge(name, help, labels: ["cpu"], multiplier: 1000)
  }

  static let metrics = attributes.map(\.metric)

  private struct CPU {
    var values: [(id: Int, file: KernelFile)] = []
  }

  private let root: ProcRoot
  private let clock: @Sendable () -> Int64
  private var online = CPUList()
  private var cpus: [CPU] = []
  /// The CPU that comes first in the next pass.
  private var next = 0

  init(root: ProcRoot, clock: @escaping @Sendable () -> Int64) {
    self.root = root
    self.clock = clock
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let listed = try CPUFolder.list("online", of: root, reading: &buffer)
    // Also while there is nothing: a driver may be loaded at any time.
    if listed != online || cpus.isEmpty { arrange(listed, in: &table, &buffer) }
    guard !cpus.isEmpty else {
      throw KernelError(path: root.path(of: CPUFolder.path + "/*/cpufreq"), errno: ENOENT)
    }
    for _ in cpus.indices {
      show(cpus[next], in: &table, &buffer)
      next = (next + 1) % cpus.count
      if clock() - now > Self.budgetNanoseconds { return }
    }
  }

  mutating func forgetSeries() {
    online = CPUList()
    cpus.removeAll()
  }

  private func show(_ cpu: CPU, in table: inout SampleTable, _ buffer: inout ReadBuffer) {
    for (id, file) in cpu.values {
      // `<unknown>` of a driver that cannot tell, and a CPU that goes this very moment, are absent.
      if let text = try? file.read(into: &buffer) { table.set(id, ifKnown: AttributeText.integer(text)) }
    }
  }

  /// Finds out which files there are that may be read: `cpuinfo_cur_freq` is for root only.
  private mutating func arrange(_ listed: CPUList, in table: inout SampleTable, _ buffer: inout ReadBuffer) {
    online = listed
    next = 0
    cpus.removeAll()
    for number in listed.numbers {
      let files = Self.attributes.map { CPUFolder.file("cpufreq/\($0.file)", ofCPU: number, of: root) }
      guard files.contains(where: Self.mayRead) else { continue }
      var cpu = CPU()
      for (file, attribute) in zip(files, Self.attributes) where Self.mayRead(file) {
        if let id = table.register(attribute.metric.series("\(number)")) { cpu.values.append((id, file)) }
      }
      cpus.append(cpu)
    }
  }

  private static func mayRead(_ file: KernelFile) -> Bool { access(file.path, R_OK) == 0 }
}
