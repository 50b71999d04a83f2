import Glibc
import ProcFS

/// Devices that have folders of devices in turn: `/sys/fs/bcache/<set>/bdev0`. What lies in a device's folder
/// is shown by a source for each kind of thing in it, mostly a ``DeviceFolderSource``.
///
/// Devices come and go, and not every one has every part; only when nothing of any of them can be read is the source
/// failing, or denied. Without any, it is not supported, and costs next to nothing.
struct NestedDevicesSource: Source {
  private let root: ProcRoot
  private let folder: String
  private let isDevice: @Sendable (String) -> Bool
  private let parts: @Sendable (ProcRoot, String) -> [any Source]
  private var devices: [(name: String, parts: [any Source])] = []

  /// - Parameters:
  ///   - folder: relative to the root: `sys/fs/bcache`.
  ///   - isDevice: which names in it are devices.
  ///   - parts: what is shown of the device of a name.
  init(
    root: ProcRoot, folder: String, isDevice: @escaping @Sendable (String) -> Bool,
    parts: @escaping @Sendable (ProcRoot, String) -> [any Source]
  ) {
    self.root = root
    self.folder = folder
    self.isDevice = isDevice
    self.parts = parts
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try list()
    var reading = PartialReading()
    for device in devices.indices {
      for part in devices[device].parts.indices {
        reading.attempt { () throws(KernelError) in
          try devices[device].parts[part].sample(into: &table, reading: &buffer, at: now)
          return true
        }
      }
    }
    try reading.requireAny()
  }

  mutating func forgetSeries() {
    devices.removeAll()
  }

  private mutating func list() throws(KernelError) {
    let names = try FolderNames.list(folder, of: root).filter(isDevice)
    if names.isEmpty { throw KernelError(path: root.path(of: "\(folder)/*"), errno: ENOENT) }
    guard names != devices.map(\.name) else { return }
    devices = names.map { name in devices.first { $0.name == name } ?? (name, parts(root, name)) }
  }
}

extension DeviceFolderSource.LabelValue {
  /// The same for all devices.
  static func fixed(_ value: String) -> Self { .made { _ in value } }
}

extension DeviceFolderSource.Attribute {
  /// The number behind a name in a file of several lines.
  static func line(
    _ name: StaticString, of file: String, _ metric: Metric, _ labels: [DeviceFolderSource.LabelValue]
  ) -> Self {
    Self(file: file, metric: metric, labels: labels, value: { KeyedLine.integer(of: name, in: $0) })
  }
}
