import Glibc
import ProcFS
import Wire

/// `/sys/class/hwmon`: `node_hwmon_*` of each sensor.
///
/// Chips are listed again every ``DeviceFolderSource/listingNanoseconds``; one that is new is looked at wholly. A
/// sensor that does not answer is absent; only when none does is the source failing, or denied.
///
/// Old drivers have their files beside the chip's folder, in the device's. Those count, too, unless the device is a
/// power supply: its `temp` is in tenths of a degree, and the chip shows the same properly.
struct HwmonSource: Source {
  private static let folder = "sys/class/hwmon"

  private struct Chip {
    /// The path of its device; with the folder's name it tells it from one that takes its place.
    let device: String?
    let label: String
    /// What is always 1, for its labels' sake.
    var facts: [Int] = []
    var values: [(id: Int, file: KernelFile, isSwitch: Bool)] = []
  }

  private let root: ProcRoot
  private var chips: [String: Chip] = [:]
  private var folders: [String] = []
  private var listedAt: Int64?

  init(root: ProcRoot) {
    self.root = root
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    if listedAt.map({ now - $0 >= DeviceFolderSource.listingNanoseconds }) ?? true {
      listedAt = nil
      try list(into: &table, reading: &buffer)
      listedAt = now
    }
    var reading = PartialReading()
    for folder in folders {
      for id in chips[folder]?.facts ?? [] { table.set(id, 1) }
      for (id, file, isSwitch) in chips[folder]?.values ?? [] {
        reading.attempt { () throws(KernelError) in
          guard let value = AttributeText.integer(try file.read(into: &buffer)) else { return false }
          table.set(id, isSwitch ? (value == 1 ? 1 : 0) : value)
          return true
        }
      }
    }
    try reading.requireAny()
  }

  mutating func forgetSeries() {
    chips.removeAll()
    folders.removeAll()
    listedAt = nil
  }

  private mutating func list(
    into table: inout SampleTable, reading buffer: inout ReadBuffer
  ) throws(KernelError) {
    folders = try FolderNames.list(Self.folder, of: root)
    let present = Set(folders)
    chips = chips.filter { present.contains($0.key) }
    for folder in folders {
      let device = DeviceLink.target(of: "\(Self.folder)/\(folder)/device", below: root)
      if let known = chips[folder], known.device == device { continue }
      chips[folder] = nil
      chips[folder] = chip(folder, device, in: &table, reading: &buffer)
    }
  }

  private func chip(
    _ folder: String, _ device: String?, in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) -> Chip {
    let name = text("\(Self.folder)/\(folder)/name", reading: &buffer)
    let label = freeLabel(device: device, name: name, folder: folder)
    var chip = Chip(device: device, label: label)
    let chipName = HwmonNames.cleaned(name)
    if !chipName.isEmpty, let id = table.register(HwmonMetrics.chipNames.series(label, chipName)) {
      chip.facts.append(id)
    }
    let sensors = Dictionary(grouping: files(of: folder, device), by: { "\($0.name.type)\($0.name.number)" })
    for sensor in sensors.keys.sorted() {
      add(sensor, sensors[sensor] ?? [], to: &chip, in: &table, reading: &buffer)
    }
    return chip
  }

  /// The chip's label. If another chip of the same device has it, the chip's own name behind it.
  private func freeLabel(device: String?, name: String, folder: String) -> String {
    let taken = Set(chips.values.map(\.label))
    let label = HwmonNames.chip(device: device, name: name, folder: folder)
    if !taken.contains(label) { return label }
    let longer = "\(label)_\(HwmonNames.cleaned(name))"
    return taken.contains(longer) ? "\(label)_\(folder)" : longer
  }

  /// The sensors' files of a chip. Of a name that is in both folders, the device's.
  private func files(of folder: String, _ device: String?) -> [(name: SensorFileName, path: String)] {
    let own = "\(Self.folder)/\(folder)"
    let isSupply = device?.split(separator: "/").dropLast().last == "power_supply"
    var paths: [SensorFileName: String] = [:]
    for folder in isSupply || device == nil ? [own] : [own, "\(own)/device"] {
      for file in (try? FolderNames.list(folder, of: root)) ?? [] {
        if let name = SensorFileName(file) { paths[name] = "\(folder)/\(file)" }
      }
    }
    return paths.map { ($0.key, $0.value) }.sorted { $0.1 < $1.1 }
  }

  private func add(
    _ sensor: String, _ files: [(name: SensorFileName, path: String)], to chip: inout Chip,
    in table: inout SampleTable, reading buffer: inout ReadBuffer
  ) {
    let hasBare = files.contains { $0.name.element.isEmpty && !isFolder($0.path, reading: &buffer) }
    let labelPath = files.first { $0.name.element == "label" }?.path
    let label = labelPath.map { text($0, reading: &buffer) } ?? ""
    if !label.isEmpty, let id = table.register(HwmonMetrics.sensorLabel.series(chip.label, sensor, label)) {
      chip.facts.append(id)
    }
    let cleanLabel = HwmonNames.cleaned(label)
    for (name, path) in files where !name.element.isEmpty || hasBare {
      guard let (metric, metricName) = HwmonMetrics.metric(of: name, hasBare: hasBare) else { continue }
      let shownAs =
        name.type == "freq" && name.element == "input" && !cleanLabel.isEmpty ? cleanLabel : sensor
      guard let id = table.register(metric.series(named: metricName, [chip.label, shownAs])) else { continue }
      let file = KernelFile(path, of: root, shape: .record, isKept: false)
      chip.values.append((id, file, name.type == "beep_enable"))
    }
  }

  /// A device has a folder `power`, which is no sensor.
  private func isFolder(_ path: String, reading buffer: inout ReadBuffer) -> Bool {
    do {
      _ = try KernelFile(path, of: root, shape: .record, isKept: false).read(into: &buffer)
    } catch .failing(_, EISDIR) {
      return true
    } catch {
      return false
    }
    return false
  }

  private func text(_ path: String, reading buffer: inout ReadBuffer) -> String {
    let file = KernelFile(path, of: root, shape: .record, isKept: false)
    return (try? file.read(into: &buffer)).map { AttributeText.string($0) } ?? ""
  }
}
