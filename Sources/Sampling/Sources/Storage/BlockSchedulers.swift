import ProcFS
import Wire

/// `/sys/block/<device>/queue/scheduler`: the I/O scheduler that a disk uses. People change it while the
/// system runs, so that each one that was ever seen is a series of its own, and that in use is present.
struct BlockSchedulers {
  private static let folder = "sys/block"

  private struct Disk {
    let file: KernelFile
    var ids: [String: Int?] = [:]
  }

  private let root: ProcRoot
  private let metric: Metric
  private var disks: [String: Disk] = [:]

  init(root: ProcRoot, metric: Metric) {
    self.root = root
    self.metric = metric
  }

  mutating func forget() {
    disks.removeAll()
  }

  /// Sets the series of the disks that are kept.
  mutating func show(
    of filter: NameFilter, in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) throws(KernelError) {
    for name in try FolderNames.list(Self.folder, of: root) where filter.keeps(name) {
      var disk = disks[name] ?? Disk(file: file(of: name))
      // Whatever does I/O without a queue of its own has no scheduler.
      guard let text = try disk.file.readIfThere(into: &buffer) else { continue }
      let scheduler = Self.inUse(AttributeText.string(text))
      if disk.ids[scheduler] == nil {
        disk.ids.updateValue(table.register(metric.series(name, scheduler)), forKey: scheduler)
      }
      if let id = disk.ids[scheduler] ?? nil { table.set(id, 1) }
      disks[name] = disk
    }
  }

  /// The one in brackets, `none [mq-deadline] bfq`; or the only one.
  private static func inUse(_ text: String) -> String {
    guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
      return text
    }
    return String(text[text.index(after: open)..<close])
  }

  private func file(of name: String) -> KernelFile {
    KernelFile("\(Self.folder)/\(name)/queue/scheduler", of: root, shape: .record, isKept: false)
  }
}
