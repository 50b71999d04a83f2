import ProcFS
import Wire

/// `/sys/devices/system/clocksource`: `node_time_clocksource_*`, what the kernel can tell time by, and does.
struct ClockSourcesSource: Source {
  private static let folder = "sys/devices/system/clocksource"
  private static let available = Metric.gauge(
    "node_time_clocksource_available_info", "What the kernel can tell time by; always 1.",
    labels: ["device", "clocksource"])
  private static let current = Metric.gauge(
    "node_time_clocksource_current_info", "What the kernel tells time by; always 1.",
    labels: ["device", "clocksource"])

  static let metrics = [available, current]

  private let root: ProcRoot
  private var series = ChangingSeries()

  init(root: ProcRoot) {
    self.root = root
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    var shown: [SeriesDescriptor] = []
    for (position, device) in try devices().enumerated() {
      for name in try words(of: "\(device)/available_clocksource", &buffer) {
        shown.append(Self.available.series("\(position)", name))
      }
      for name in try words(of: "\(device)/current_clocksource", &buffer) {
        shown.append(Self.current.series("\(position)", name))
      }
    }
    for info in shown {
      if let id = series.id(of: info, in: &table) { table.set(id, 1) }
    }
  }

  mutating func forgetSeries() {
    series.forget()
  }

  private func devices() throws(KernelError) -> [String] {
    try FolderNames.list(Self.folder, of: root).filter { $0.isNumbered("clocksource") }
  }

  private func words(
    of file: String, _ buffer: inout ReadBuffer
  ) throws(KernelError) -> [String] {
    let file = KernelFile("\(Self.folder)/\(file)", of: root, shape: .record, isKept: false)
    return AttributeText.string(try file.read(into: &buffer)).split(separator: " ").map(String.init)
  }
}
