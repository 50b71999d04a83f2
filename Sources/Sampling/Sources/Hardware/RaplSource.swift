import ProcFS
import Wire

/// `/sys/class/powercap/*/energy_uj`: `node_rapl_<zone>_joules_total` of each zone.
///
/// The counter wraps at the zone's `max_energy_range_uj`, and is shown as the kernel has it, as node_exporter does:
/// to Prometheus a wrap is a reset, which at worst loses what one interval used. Summed up beyond it, a restart of
/// the collector would show up as hundreds of kilojoules used at once.
///
/// Since Linux 5.10 only root may read it (CVE-2020-8694).
struct RaplSource: Source {
  static let metric = Metric.counter(
    "node_rapl_<zone>_joules_total",
    "Energy used by a zone: `package`, `core`, `uncore`, `dram`, `psys`. It wraps, after some 260 kJ.",
    labels: ["index", "path"], divisor: 1_000_000)

  private static let folder = "sys/class/powercap"

  private let root: ProcRoot
  private var folders: [String] = []
  private var zones: [(id: Int, file: KernelFile)] = []

  init(root: ProcRoot) {
    self.root = root
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let present = try FolderNames.list(Self.folder, of: root)
    if present != folders {
      zones = findZones(in: present, table: &table, reading: &buffer)
      folders = present
    }
    var reading = PartialReading()
    for (id, file) in zones {
      reading.attempt { () throws(KernelError) in
        guard let energy = AttributeText.integer(try file.read(into: &buffer)) else { return false }
        table.set(id, energy)
        return true
      }
    }
    try reading.requireAny()
  }

  mutating func forgetSeries() {
    folders.removeAll()
    zones.removeAll()
  }

  /// What has a name is a zone; zones of the same name without a number are numbered.
  private func findZones(
    in folders: [String], table: inout SampleTable, reading buffer: inout ReadBuffer
  ) -> [(id: Int, file: KernelFile)] {
    var seen: [String: Int] = [:]
    return folders.compactMap { folder in
      let path = "\(Self.folder)/\(folder)"
      let nameFile = KernelFile("\(path)/name", of: root, shape: .record, isKept: false)
      guard let text = try? nameFile.read(into: &buffer) else { return nil }
      let zone = PowerZoneName(AttributeText.string(text))
      let number = zone.number ?? seen[zone.name, default: 0]
      seen[zone.name] = number &+ 1
      let name = "node_rapl_\(Self.cleaned(zone.name))_joules_total"
      guard let id = table.register(Self.metric.series(named: name, ["\(number)", "/\(path)"])) else {
        return nil
      }
      return (id, KernelFile("\(path)/energy_uj", of: root, shape: .record, isKept: false))
    }
  }

  /// With one underscore for any run of what no metric's name may have.
  private static func cleaned(_ name: String) -> String {
    var result = ""
    for character in name {
      let isKept = character.isASCII && (character.isLetter || character.isNumber || character == "_")
      if isKept { result.append(character) } else if result.last != "_" { result.append("_") }
    }
    return result
  }
}
