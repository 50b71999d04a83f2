import ProcFS
import Wire

/// `/sys/fs/btrfs/<uuid>/allocation/<type>/<layout>`: what a type of block group takes in each layout. A
/// balance may make another one.
struct BtrfsLayouts: Source {
  private static let labels = ["uuid", "block_group_type", "mode"]
  private static let ratio: Metric = {
    var metric = Metric.gauge(
      "node_btrfs_allocation_ratio", "Bytes on disks for each byte of a layout.", labels: labels)
    metric.type = .double
    return metric
  }()

  /// In the order of a layout's ids.
  static let metrics = [
    Metric.gauge("node_btrfs_size_bytes", "Space allocated in a layout.", labels: labels),
    Metric.gauge("node_btrfs_used_bytes", "Space used in a layout.", labels: labels), ratio,
  ]

  private struct Layout {
    let name: String
    let size: KernelFile
    let used: KernelFile
    let first: Int?
  }

  private let root: ProcRoot
  private let uuid: String
  private let type: String
  private let folder: String
  private var names: [String] = []
  private var layouts: [Layout] = []

  init(root: ProcRoot, uuid: String, type: String) {
    self.root = root
    self.uuid = uuid
    self.type = type
    folder = "sys/fs/btrfs/\(uuid)"
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try list(in: &table)
    let devices = try FolderNames.list("\(folder)/devices", of: root).count
    for layout in layouts {
      // Layouts are the folders beside files about the type.
      guard let first = layout.first,
        let size = try layout.size.readIfThere(into: &buffer).flatMap(AttributeText.integer),
        let used = try layout.used.readIfThere(into: &buffer).flatMap(AttributeText.integer)
      else { continue }
      table.set(first, size)
      table.set(first + 1, used)
      if let ratio = Self.ratio(of: layout.name, devices: devices) { table.set(first + 2, double: ratio) }
    }
  }

  mutating func forgetSeries() {
    names.removeAll()
    layouts.removeAll()
  }

  private mutating func list(in table: inout SampleTable) throws(KernelError) {
    let path = "\(folder)/allocation/\(type)"
    let found = try FolderNames.list(path, of: root)
    guard found != names else { return }
    names = found
    layouts = []
    for name in names where Self.ratio(of: name, devices: 3) != nil {
      layouts.append(
        Layout(
          name: name,
          size: KernelFile("\(path)/\(name)/total_bytes", of: root, shape: .record, isKept: false),
          used: KernelFile("\(path)/\(name)/used_bytes", of: root, shape: .record, isKept: false),
          first: table.register(Self.metrics, uuid, type, name)))
    }
  }

  /// nil: no layout, or not enough devices for one.
  private static func ratio(of layout: String, devices: Int) -> Double? {
    switch layout {
    case "single", "raid0": 1
    case "dup", "raid1", "raid10": 2
    case "raid1c3": 3
    case "raid1c4": 4
    case "raid5": devices > 1 ? Double(devices) / Double(devices - 1) : nil
    case "raid6": devices > 2 ? Double(devices) / Double(devices - 2) : nil
    default: nil
    }
  }
}
