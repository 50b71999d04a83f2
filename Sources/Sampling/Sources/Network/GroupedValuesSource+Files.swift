import Glibc
import ProcFS
import Wire

extension GroupedValuesSource {
  private static let netstatField = Metric.untyped(
    "node_netstat_<group>_<field>",
    "A field of `/proc/net/snmp`, `/proc/net/snmp6` or `/proc/net/netstat`: counters of a protocol, save for a few."
  )

  static let netstatMetrics = [netstatField]

  /// `node_netstat_*` of the fields that are kept. The kernel does not say which are counters, so that they are
  /// untyped.
  static func netstat(
    _ path: String, _ form: GroupedValues.Form, _ context: SourceContext
  ) -> GroupedValuesSource {
    GroupedValuesSource(
      path: path, form: form, root: context.root, filter: context.filters.netstatFields,
      choose: { $0.netstatFields }, describe: { [netstatField.series(named: "node_netstat_\($0)")] })
  }

  private static let socketField = Metric.gauge(
    "node_sockstat_<protocol>_<field>",
    "Sockets of a protocol: `inuse`, `alloc`, `orphan`, `tw` (waiting after the close); `mem` in pages, `memory` in bytes."
  )
  private static let socketMemory = Metric.gauge(
    "node_sockstat_<protocol>_mem_bytes", "Memory that sockets of a protocol take for their buffers.",
    multiplier: UInt32(clamping: sysconf(Int32(_SC_PAGESIZE))))

  static let socketMetrics = [socketField, socketMemory]

  /// `node_sockstat_*`: sockets of each protocol.
  static func sockets(_ path: String, _ context: SourceContext) -> GroupedValuesSource {
    GroupedValuesSource(path: path, form: .pairs, root: context.root) { name in
      let field = socketField.series(named: "node_sockstat_\(name)")
      guard name.hasSuffix("_mem") else { return [field] }
      return [field, socketMemory.series(named: "node_sockstat_\(name)_bytes")]
    }
  }
}
