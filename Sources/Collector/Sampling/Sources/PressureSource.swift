import ProcFS
import Wire

/// One file of `/proc/pressure`: `node_pressure_<resource>_waiting_seconds_total` of its line `some`,
/// `node_pressure_<resource>_stalled_seconds_total` of its line `full`.
///
/// As in node_exporter, `cpu` has no stalled time (for a whole system the kernel always says 0) and `irq`,
/// which knows no `some`, no waiting time.
struct PressureSource: Source {
  let name: String

  private let file: KernelFile
  private var pressure: Pressure
  private var waiting: FixedSeries?
  private var stalled: FixedSeries?

  init(_ resource: Pressure.Resource, root: ProcRoot) {
    name = "pressure_\(resource.rawValue)"
    file = KernelFile(resource.path, of: root, shape: .record)
    pressure = Pressure(resource)
    if resource != .irq { waiting = Self.series("node_pressure_\(resource.rawValue)_waiting_seconds_total") }
    if resource != .cpu { stalled = Self.series("node_pressure_\(resource.rawValue)_stalled_seconds_total") }
  }

  private static func series(_ name: String) -> FixedSeries {
    FixedSeries([SeriesDescriptor(name, kind: .counter, unit: "seconds", divisor: 1_000_000)])
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try pressure.parse(try file.read(into: &buffer))
    if let some = pressure.some, let id = waiting?.first(in: &table) { table.set(id, some) }
    if let full = pressure.full, let id = stalled?.first(in: &table) { table.set(id, full) }
  }

  mutating func forgetSeries() {
    waiting?.forget()
    stalled?.forget()
  }
}
