import ProcFS
import Wire

/// SELinux: `node_selinux_*`. Where its file system is not mounted it is off.
struct SELinuxSource: Source {
  static let metrics = [
    Metric.gauge("node_selinux_enabled", "Whether SELinux is on: 1 or 0."),
    Metric.gauge("node_selinux_current_mode", "0: SELinux only warns; 1: it refuses."),
    Metric.gauge(
      "node_selinux_config_mode", "What `/etc/selinux/config` asks for: -1: off; 0: warn; 1: refuse."),
  ]

  private let root: ProcRoot
  private let current: KernelFile
  private let config: KernelFile
  private var enabledSeries = FixedSeries([metrics[0]])
  private var currentSeries = FixedSeries([metrics[1]])
  private var configSeries = FixedSeries([metrics[2]])

  init(root: ProcRoot) {
    self.root = root
    current = KernelFile(SELinuxMode.currentPath, of: root, shape: .record, isKept: false)
    config = KernelFile(SELinuxMode.configPath, of: root, isKept: false)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let mode = try currentMode(&buffer)
    if let id = enabledSeries.first(in: &table) { table.set(id, mode == nil ? 0 : 1) }
    guard let mode else { return }
    if let id = currentSeries.first(in: &table) { table.set(id, mode.rawValue) }
    guard let text = try? config.read(into: &buffer), let wanted = SELinuxMode(config: text) else { return }
    if let id = configSeries.first(in: &table) { table.set(id, wanted.rawValue) }
  }

  /// The mode; nil if SELinux is off. Only a kernel that shows file systems at all can say that.
  private func currentMode(_ buffer: inout ReadBuffer) throws(KernelError) -> SELinuxMode? {
    do {
      return try SELinuxMode(current: try current.read(into: &buffer))
    } catch .unsupported {
      _ = try FolderNames.list("sys/fs", of: root)
      return nil
    }
  }

  mutating func forgetSeries() {
    enabledSeries.forget()
    currentSeries.forget()
    configSeries.forget()
  }
}
