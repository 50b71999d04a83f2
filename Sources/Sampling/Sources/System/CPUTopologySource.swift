import ProcFS
import Wire

/// `/sys/devices/system/cpu`: `node_cpu_online`, `node_cpu_isolated`, and how often cores and packages were slowed
/// down for their heat.
///
/// As in node_exporter, the first CPU of a core speaks for it, and the first one of a package for that: first by
/// name, where `cpu10` stands before `cpu2`. Which ones these are is found out anew when CPUs come or go.
struct CPUTopologySource: Source {
  private static let online = Metric.gauge(
    "node_cpu_online", "Whether a CPU that is present is online: 1 or 0.", labels: ["cpu"])
  private static let isolated = Metric.gauge(
    "node_cpu_isolated", "1 for each CPU that the scheduler leaves alone.", labels: ["cpu"])
  private static let core = Metric.counter(
    "node_cpu_core_throttles_total", "How often a core was slowed down for its heat.",
    labels: ["package", "core"])
  private static let package = Metric.counter(
    "node_cpu_package_throttles_total", "How often a package was slowed down for its heat.",
    labels: ["package"])

  static let metrics = [online, isolated, core, package]

  /// The CPUs as they were listed last.
  private struct Lists: Equatable {
    var present = CPUList()
    var online = CPUList()
    var offline = CPUList()
    var isolated = CPUList()
  }

  private let root: ProcRoot
  private var lists = Lists()
  /// What does not change until the lists do.
  private var states: [(id: Int, value: Int64)] = []
  private var throttles: [(id: Int, file: KernelFile)] = []

  init(root: ProcRoot) {
    self.root = root
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let listed = try readLists(&buffer)
    if listed != lists { arrange(listed, in: &table, &buffer) }
    for (id, value) in states { table.set(id, value) }
    for (id, file) in throttles {
      // A CPU that goes this very moment takes its files with it.
      if let text = try? file.read(into: &buffer) { table.set(id, ifKnown: AttributeText.integer(text)) }
    }
  }

  mutating func forgetSeries() {
    lists = Lists()
  }

  private func readLists(_ buffer: inout ReadBuffer) throws(KernelError) -> Lists {
    var lists = Lists()
    lists.present = try CPUFolder.list("present", of: root, reading: &buffer)
    lists.online = try CPUFolder.list("online", of: root, reading: &buffer)
    lists.offline = try optionalList("offline", &buffer)
    lists.isolated = try optionalList("isolated", &buffer)
    return lists
  }

  /// A list that not every kernel has; empty where there is none.
  private func optionalList(_ name: String, _ buffer: inout ReadBuffer) throws(KernelError) -> CPUList {
    do {
      return try CPUFolder.list(name, of: root, reading: &buffer)
    } catch .unsupported {
      return CPUList()
    }
  }

  private mutating func arrange(_ listed: Lists, in table: inout SampleTable, _ buffer: inout ReadBuffer) {
    lists = listed
    states.removeAll()
    throttles.removeAll()
    for cpu in listed.online.numbers { show(Self.online.series("\(cpu)"), 1, in: &table) }
    // A CPU that is neither is another container's, where lxcfs shows which ones this one may use as online.
    let present = Set(listed.present.numbers)
    for cpu in listed.offline.numbers where present.contains(cpu) {
      show(Self.online.series("\(cpu)"), 0, in: &table)
    }
    for cpu in listed.isolated.numbers { show(Self.isolated.series("\(cpu)"), 1, in: &table) }
    arrangeThrottles(in: &table, &buffer)
  }

  private mutating func show(_ series: SeriesDescriptor, _ value: Int64, in table: inout SampleTable) {
    if let id = table.register(series) { states.append((id, value)) }
  }

  private mutating func arrangeThrottles(in table: inout SampleTable, _ buffer: inout ReadBuffer) {
    var seen: Set<[String]> = []
    let byName = lists.online.numbers.map { (number: $0, name: "\($0)") }.sorted { $0.name < $1.name }
    for cpu in byName.map(\.number) {
      guard let package = topology("physical_package_id", cpu, &buffer),
        let core = topology("core_id", cpu, &buffer)
      else { continue }
      for (metric, labels, name) in [
        (Self.core, [package, core], "core_throttle_count"),
        (Self.package, [package], "package_throttle_count"),
      ] where !seen.contains(labels) {
        let file = CPUFolder.file("thermal_throttle/\(name)", ofCPU: cpu, of: root)
        guard (try? file.read(into: &buffer)) != nil else { continue }
        seen.insert(labels)
        if let id = table.register(metric.series(named: metric.name, labels)) { throttles.append((id, file)) }
      }
    }
  }

  /// A number of the CPU's topology; nil where the kernel knows none, and says -1.
  private func topology(_ name: String, _ cpu: Int, _ buffer: inout ReadBuffer) -> String? {
    let number = CPUFolder.number("topology/\(name)", ofCPU: cpu, of: root, reading: &buffer)
    return number.flatMap { $0 < 0 ? nil : "\($0)" }
  }
}
