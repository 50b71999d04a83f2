import ProcFS
import Wire

/// `/sys/devices/system/node`: `node_memory_numa_*` of each memory node, of its `meminfo` and its `numastat`.
///
/// A file that cannot be read, of a node that goes this very moment, say, leaves its series absent; only when none can
/// is the source failing.
struct MemoryNodesSource: Source {
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

  /// One node's files.
  private struct Node {
    let name: String
    var files: [KeyedValuesSource]
  }

  private let root: ProcRoot
  private var nodes: [Node] = []

  init(root: ProcRoot) {
    self.root = root
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let names = try FolderNames.list(Self.folder, of: root).filter { $0.isNumbered("node") }
    if names != nodes.map(\.name) { arrange(names) }
    var failure: KernelError?
    var shown = 0
    for index in nodes.indices {
      for file in nodes[index].files.indices {
        do {
          try nodes[index].files[file].sample(into: &table, reading: &buffer, at: now)
          shown += 1
        } catch {
          failure = failure ?? error
        }
      }
    }
    if shown == 0, let failure { throw failure }
  }

  mutating func forgetSeries() {
    nodes.removeAll()
  }

  private mutating func arrange(_ names: [String]) {
    let known = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, $0) })
    nodes = names.map { known[$0] ?? node($0) }
  }

  private func node(_ name: String) -> Node {
    let number = String(name.dropFirst("node".count))
    let memory = KeyedValuesSource(
      path: "\(Self.folder)/\(name)/meminfo", root: root, shape: .record, isKept: false,
      linePrefix: "Node \(number) "
    ) { field, isKibibytes in
      let metric = isKibibytes ? Self.memory : Self.count
      return metric.series(named: "node_memory_numa_\(field.replacingParentheses())", [number])
    }
    let statistics = KeyedValuesSource(
      path: "\(Self.folder)/\(name)/numastat", root: root, shape: .record, isKept: false
    ) { field, _ in Self.statistic.series(named: "node_memory_numa_\(field)_total", [number]) }
    return Node(name: name, files: [memory, statistics])
  }
}
