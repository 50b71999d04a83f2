import Glibc
import ProcFS
import Wire

/// Devices that the kernel shows as folders of small files: `/sys/class/thermal/thermal_zone0/temp`. Each device is a
/// row of series, one for each of its files that is there.
///
/// The folder is listed again every ``listingNanoseconds``, so that devices come and go. A device that is new, also
/// one that comes back, is looked at wholly: which files it has, and what its labels are. In /sys it then has another
/// inode, so that it is known for a new one even if it was away for a moment only. Facts (a state, a firmware's
/// version) are read with each listing. A file that cannot be read (a sensor that is asleep, a link that is down)
/// leaves its series absent; only when no file of any device can be read is the source failing, or denied.
///
/// Devices may lie in folders of their own inside others: the ports of an adapter. Then their names are paths:
/// `mlx4_0/ports/1`.
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
    /// Of the text of a file in it; empty if there is none.
    case read(String, @Sendable (String) -> String)
  }

  /// Where devices lie inside others.
  struct Inner {
    /// The folder between the two: `ports`; nil if there is none.
    let folder: String?
    /// Which names in it are devices.
    let isDevice: @Sendable (String) -> Bool
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
    /// Whether a label without a value is left out, instead of shown as empty.
    var omitsEmptyLabels = false

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
    /// Of each attribute that is a fact: its series.
    var facts: [Int: SeriesDescriptor] = [:]
  }

  private let root: ProcRoot
  private let folder: String
  private let isDevice: @Sendable (String) -> Bool
  private let inner: Inner?
  private let attributes: [Attribute]
  private var devices: [String: Device] = [:]
  private var names: [String] = []
  private var listedAt: Int64?

  /// - Parameters:
  ///   - folder: relative to the root: `sys/class/thermal`.
  ///   - isDevice: which names in it are devices, or hold some.
  ///   - inner: where in those the devices are; nil if they are it themselves.
  init(
    root: ProcRoot, folder: String, isDevice: @escaping @Sendable (String) -> Bool = { _ in true },
    inner: Inner? = nil, attributes: [Attribute]
  ) {
    self.root = root
    self.folder = folder
    self.isDevice = isDevice
    self.inner = inner
    self.attributes = attributes
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    if listedAt.map({ now - $0 >= Self.listingNanoseconds }) ?? true {
      try list(into: &table, reading: &buffer)
      listedAt = now
    }
    var reading = PartialReading()
    for name in names {
      for (id, attribute, file) in devices[name]?.values ?? [] {
        reading.attempt { () throws(KernelError) in
          guard let value = try read(file, attribute, reading: &buffer) else { return false }
          table.set(id, value)
          return file != nil
        }
      }
    }
    try reading.requireAny()
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
    let entries = try entries()
    names = entries.map(\.name)
    let present = Dictionary(entries.map { ($0.name, $0.inode) }, uniquingKeysWith: { $1 })
    devices = devices.filter { present[$0.key] == $0.value.inode }
    for entry in entries {
      if devices[entry.name] == nil { devices[entry.name] = device(entry, in: &table, reading: &buffer) }
      showFacts(of: entry.name, in: &table, reading: &buffer)
    }
  }

  /// The devices, their names being paths below the folder.
  private func entries() throws(KernelError) -> [FolderNames.Entry] {
    let outer = try FolderNames.entries(folder, of: root).filter { isDevice($0.name) }
    guard let inner else { return outer }
    return outer.flatMap { entry in
      let between = inner.folder.map { "\(entry.name)/\($0)" } ?? entry.name
      // One that has none, or is just going away, has no devices.
      let found = (try? FolderNames.entries("\(folder)/\(between)", of: root)) ?? []
      return found.filter { inner.isDevice($0.name) }
        .map { FolderNames.Entry(name: "\(between)/\($0.name)", inode: $0.inode) }
    }
  }

  /// The device with those of its files that are there.
  private func device(
    _ entry: FolderNames.Entry, in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) -> Device {
    var device = Device(inode: entry.inode)
    for (number, attribute) in attributes.enumerated() {
      guard let path = attribute.file else { continue }
      let file = self.file(path, of: entry.name)
      // Any other error may pass: a battery that is taken out answers ENODEV.
      if case .unsupported(_, ENOENT) = failure(of: file, reading: &buffer) { continue }
      if let id = table.register(series(attribute, of: entry.name, reading: &buffer)) {
        device.values.append((id, number, file))
      }
    }
    return device
  }

  /// Gives a device's facts series with the labels they have now.
  private mutating func showFacts(
    of name: String, in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) {
    for (number, attribute) in attributes.enumerated() where attribute.file == nil {
      let series = series(attribute, of: name, reading: &buffer)
      guard devices[name]?.facts[number] != series else { continue }
      devices[name]?.facts[number] = series
      devices[name]?.values.removeAll { $0.attribute == number }
      if let id = table.register(series) { devices[name]?.values.append((id, number, nil)) }
    }
  }

  private func series(
    _ attribute: Attribute, of name: String, reading buffer: inout ReadBuffer
  ) -> SeriesDescriptor {
    let labels = attribute.labels.map { label($0, of: name, reading: &buffer) }
    var series = attribute.metric.series(named: attribute.metric.name, labels)
    if attribute.omitsEmptyLabels { series.labels.removeAll { $0.value.isEmpty } }
    return series
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
    case .file(let path): return text(path, of: name, reading: &buffer)
    case .read(let path, let make): return make(text(path, of: name, reading: &buffer))
    }
  }

  private func text(_ path: String, of name: String, reading buffer: inout ReadBuffer) -> String {
    (try? file(path, of: name).read(into: &buffer)).map { AttributeText.string($0) } ?? ""
  }
}
