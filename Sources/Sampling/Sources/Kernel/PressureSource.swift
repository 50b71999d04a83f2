import ProcFS
import Wire

/// One file of `/proc/pressure`: `node_pressure_<resource>_waiting_seconds_total` of its line `some`,
/// `node_pressure_<resource>_stalled_seconds_total` of its line `full`.
///
/// As in node_exporter, `cpu` has no stalled time (for a whole system the kernel always says 0) and `irq`,
/// which knows no `some`, no waiting time.
struct PressureSource: Source {
  private let file: KernelFile
  private var pressure: Pressure
  private var waiting: FixedSeries?
  private var stalled: FixedSeries?

  init(_ resource: Pressure.Resource, root: ProcRoot) {
    file = KernelFile(resource.path, of: root, shape: .record)
    pressure = Pressure(resource)
    if let metric = Self.waiting(resource) { waiting = FixedSeries([metric]) }
    if let metric = Self.stalled(resource) { stalled = FixedSeries([metric]) }
  }

  static func metrics(_ resource: Pressure.Resource) -> [Metric] {
    [waiting(resource), stalled(resource)].compactMap { $0 }
  }

  private static func waiting(_ resource: Pressure.Resource) -> Metric? {
    guard resource != .irq else { return nil }
    return .counter(
      "node_pressure_\(resource.rawValue)_waiting_seconds_total",
      "Time in which at least one task waited for \(resource.rawValue).", divisor: 1_000_000)
  }

  private static func stalled(_ resource: Pressure.Resource) -> Metric? {
    guard resource != .cpu else { return nil }
    return .counter(
      "node_pressure_\(resource.rawValue)_stalled_seconds_total",
      "Time in which all tasks that were not idle waited for \(resource.rawValue).", divisor: 1_000_000)
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
