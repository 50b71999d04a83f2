import ProcFS
import Wire

/// `/sys/class/net/bonding_masters` and what it names: how many links a bond has, and how many of them are up.
struct BondingSource: Source {
  static let metrics = [
    Metric.gauge("node_bonding_slaves", "Links a bond is made of.", labels: ["master"]),
    Metric.gauge("node_bonding_active", "Those of them that are up.", labels: ["master"]),
  ]

  private static let folder = "sys/class/net"

  private let root: ProcRoot
  private let masters: KernelFile
  private var rows = SeriesRows()

  init(root: ProcRoot) {
    self.root = root
    masters = KernelFile("\(Self.folder)/bonding_masters", of: root, shape: .record, isKept: false)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let names = try words(masters, reading: &buffer)
    for (position, name) in names.enumerated() {
      // A bond that is just being removed has no more files.
      let file = KernelFile("\(Self.folder)/\(name)/bonding/slaves", of: root, shape: .record, isKept: false)
      guard let slaves = try? words(file, reading: &buffer) else { continue }
      guard let first = first(name, at: position, in: &table) else { continue }
      table.set(first, Int64(slaves.count))
      table.set(first + 1, ifKnown: active(slaves, of: name, reading: &buffer))
    }
  }

  mutating func forgetSeries() {
    rows.removeAll()
  }

  /// How many links are up; nil if one does not tell.
  private func active(_ slaves: [String], of master: String, reading buffer: inout ReadBuffer) -> Int64? {
    var count: Int64 = 0
    for slave in slaves {
      guard let status = status(of: slave, master, reading: &buffer) else { return nil }
      if status == "up" { count += 1 }
    }
    return count
  }

  private func status(of slave: String, _ master: String, reading buffer: inout ReadBuffer) -> String? {
    // Kernels before 3.13 call the link slave_*.
    for prefix in ["lower", "slave"] {
      let path = "\(Self.folder)/\(master)/\(prefix)_\(slave)/bonding_slave/mii_status"
      let file = KernelFile(path, of: root, shape: .record, isKept: false)
      if let text = try? file.read(into: &buffer) { return AttributeText.string(text) }
    }
    return nil
  }

  private func words(_ file: KernelFile, reading buffer: inout ReadBuffer) throws(KernelError) -> [String] {
    AttributeText.string(try file.read(into: &buffer)).split { $0 == " " || $0 == "\n" }.map(String.init)
  }

  private mutating func first(_ name: String, at position: Int, in table: inout SampleTable) -> Int? {
    let key = Array(name.utf8)
    return key.withUnsafeBytes { key in
      if let row = rows.find(key, at: position) { return row.first }
      let first = table.register(Self.metrics, name)
      return rows.add(key, first: first, width: Self.metrics.count, at: position)?.first
    }
  }
}
