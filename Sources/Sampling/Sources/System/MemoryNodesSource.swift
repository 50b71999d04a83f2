import ProcFS
import Wire

/// `/sys/devices/system/node`: `node_memory_numa_*` of each memory node, of its `meminfo` and its `numastat`.
///
/// A file that cannot be read, of a node that goes this very moment, say, leaves its series absent; only when none can
/// is the source failing.
enum MemoryNodesSource {
  private static let folder = "sys/devices/system/node"
  private static let memory = Metric.gauge(
    "node_memory_numa_<field>",
    "A field of a memory node's `meminfo`: bytes where the kernel says kB, else a number of huge pages.",
    labels: ["node"], multiplier: 1024)
  private static let count: Metric = {
    var metric = memory
    metric.multiplier = 1
    return metric
  }()
  private static let statistic = Metric.counter(
    "node_memory_numa_<field>_total",
    "A field of a memory node's `numastat`: pages, by where they were wanted.",
    labels: ["node"])

  static let metrics = [memory, count, statistic]

  static func make(root: ProcRoot) -> NestedDevicesSource {
    NestedDevicesSource(root: root, folder: folder, isDevice: { $0.isNumbered("node") }) { root, name in
      files(of: name, root)
    }
  }

  private static func files(of name: String, _ root: ProcRoot) -> [any Source] {
    let number = String(name.dropFirst("node".count))
    let memory = KeyedValuesSource(
      path: "\(folder)/\(name)/meminfo", root: root, shape: .record, isKept: false,
      linePrefix: "Node \(number) "
    ) { field, isKibibytes in
      let metric = isKibibytes ? Self.memory : Self.count
      return metric.series(named: "node_memory_numa_\(field.replacingParentheses())", [number])
    }
    let statistics = KeyedValuesSource(
      path: "\(folder)/\(name)/numastat", root: root, shape: .record, isKept: false
    ) { field, _ in Self.statistic.series(named: "node_memory_numa_\(field)_total", [number]) }
    return [memory, statistics]
  }
}
