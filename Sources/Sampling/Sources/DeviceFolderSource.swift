import ProcFS
import Wire

/// Devices that the kernel shows as folders of small files: `/sys/class/thermal/thermal_zone0/temp`. Each device is a
/// row of series, one for each of its files that is there.
///
/// The folder is listed again every ``listingNanoseconds``, so that devices come and go. A device that is new, also
/// one that comes back, is looked at wholly: which files it has, and what its labels are. In /sys it then has another
/// inode, so that it is known for a new one even if it was away for a moment only. A file that cannot be read
/// (a sensor that is asleep, a link that is down) leaves its series absent; only when no file of any device can be
/// read is the source failing, or denied.
struct DeviceFolderSource: Source {
  /// How long a listing holds: 5 s.
  static let listingNanoseconds: Int64 = 5_000_000_000

  /// Where the value of a label comes from.
  enum LabelValue {
    /// The folder's name.
    case name
    /// The text of a file in it; empty if there is none.
    case file(String)
    /// Of the folder's name.
    case made(@Sendable (String) -> String)
  }

  /// A file of a device, and the metric that shows it.
  struct Attribute {
    /// Below the device's folder; nil: the metric is always 1, for its labels' sake.
    let file: String?
    let metric: Metric
    /// The values of the metric's labels.
    let labels: [LabelValue]
    /// Raw value of the text; nil if it has none.
    let value: @Sendable (UnsafeRawBufferPointer) -> Int64?
    /// Whether the values of its labels may change while the device is there: they are then looked at with every
    /// listing.
    var isRelabelled = false

    /// The same, but with labels that may change while the device is there.
    var relabelled: Attribute {
      var attribute = self
      attribute.isRelabelled = true
      return attribute
    }

    /// A file with a number in it.
    static func number(_ file: String, _ metric: Metric, _ labels: [LabelValue] = [.name]) -> Attribute {
      Attribute(file: file, metric: metric, labels: labels, value: { AttributeText.integer($0) })
    }

    /// Facts that are labels.
    static func info(_ metric: Metric, _ labels: [LabelValue]) -> Attribute {
      Attribute(file: nil, metric: metric, labels: labels, value: { _ in 1 })
    }

    /// A file with a word in it, of which something is made.
    static func word(
      _ file: String, _ metric: Metric, _ labels: [LabelValue] = [.name],
      _ value: @escaping @Sendable (String) -> Int64?
    ) -> Attribute {
      Attribute(file: file, metric: metric, labels: labels, value: { value(AttributeText.string($0)) })
    }
  }

  private struct Device {
    /// What has the device's name.
    let inode: UInt64
    var values: [(id: Int, attribute: Int, file: KernelFile?)] = []
  }

  private let root: ProcRoot
  private let folder: String
  private let isDevice: @Sendable (String) -> Bool
  private let attributes: [Attribute]
  private var devices: [String: Device] = [:]
  private var names: [String] = []
  private var listedAt: Int64?

  /// - Parameters:
  ///   - folder: relative to the root: `sys/class/thermal`.
  ///   - isDevice: which names in it are devices.
  init(
    root: ProcRoot, folder: String, isDevice: @escaping @Sendable (String) -> Bool = { _ in true },
    attributes: [Attribute]
  ) {
    self.root = root
    self.folder = folder
    self.isDevice = isDevice
    self.attributes = attributes
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    if listedAt.map({ now - $0 >= Self.listingNanoseconds }) ?? true {
      try list(into: &table, reading: &buffer)
      listedAt = now
    }
    var failure: KernelError?
    var shown = 0
    for name in names {
      for (id, attribute, file) in devices[name]?.values ?? [] {
        do {
          guard let value = try read(file, attribute, reading: &buffer) else { continue }
          table.set(id, value)
          if file != nil { shown += 1 }
        } catch {
          failure = failure ?? error
        }
      }
    }
    if shown == 0, let failure { throw failure }
  }

  mutating func forgetSeries() {
    devices.removeAll()
    names.removeAll()
    listedAt = nil
  }

  private mutating func list(
    into table: inout SampleTable, reading buffer: inout ReadBuffer
  ) throws(KernelError) {
    listedAt = nil
    let entries = try FolderNames.entries(folder, of: root).filter { isDevice($0.name) }
    names = entries.map(\.name)
    let present = Dictionary(entries.map { ($0.name, $0.inode) }, uniquingKeysWith: { $1 })
    devices = devices.filter { present[$0.key] == $0.value.inode }
    for entry in entries {
      if devices[entry.name] == nil {
        devices[entry.name] = device(entry, in: &table, reading: &buffer)
      } else if attributes.contains(where: \.isRelabelled) {
        relabel(entry.name, in: &table, reading: &buffer)
      }
    }
  }

  /// Finds the series of a device whose labels may have changed; one that the table refuses is gone with the device.
  private mutating func relabel(
    _ name: String, in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) {
    guard let known = devices[name] else { return }
    var device = Device(inode: known.inode)
    for value in known.values {
      var id: Int? = value.id
      if attributes[value.attribute].isRelabelled {
        id = series(value.attribute, of: name, in: &table, reading: &buffer)
      }
      if let id { device.values.append((id, value.attribute, value.file)) }
    }
    devices[name] = device
  }

  private func device(
    _ entry: FolderNames.Entry, in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) -> Device {
    var device = Device(inode: entry.inode)
    for (number, attribute) in attributes.enumerated() {
      var file: KernelFile?
      if let path = attribute.file {
        let found = self.file(path, of: entry.name)
        if case .unsupported = failure(of: found, reading: &buffer) { continue }
        file = found
      }
      if let id = series(number, of: entry.name, in: &table, reading: &buffer) {
        device.values.append((id, number, file))
      }
    }
    return device
  }

  /// The id of an attribute's series with the labels of now; nil if the table refused it.
  private func series(
    _ attribute: Int, of name: String, in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) -> Int? {
    let metric = attributes[attribute].metric
    let labels = attributes[attribute].labels.map { label($0, of: name, reading: &buffer) }
    return table.register(metric.series(named: metric.name, labels))
  }

  private func file(_ path: String, of name: String) -> KernelFile {
    KernelFile("\(folder)/\(name)/\(path)", of: root, shape: .record, isKept: false)
  }

  private func failure(of file: KernelFile, reading buffer: inout ReadBuffer) -> KernelError? {
    do {
      _ = try file.read(into: &buffer)
      return nil
    } catch {
      return error
    }
  }

  private func read(
    _ file: KernelFile?, _ attribute: Int, reading buffer: inout ReadBuffer
  ) throws(KernelError) -> Int64? {
    guard let file else { return 1 }
    return attributes[attribute].value(try file.read(into: &buffer))
  }

  private func label(_ value: LabelValue, of name: String, reading buffer: inout ReadBuffer) -> String {
    switch value {
    case .name: return name
    case .made(let make): return make(name)
    case .file(let path):
      guard let text = try? file(path, of: name).read(into: &buffer) else { return "" }
      return AttributeText.string(text)
    }
  }
}
