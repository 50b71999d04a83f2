import ProcFS

/// Block devices that lie on others: what goes through them is counted in `io.stat` once more for what is below.
///
/// They are those with something in `/sys/dev/block/<major>:<minor>/slaves` (device mapper, md, multipath), and loop
/// devices.
struct StackedDevices {
  /// The major number of loop devices, Documentation/admin-guide/devices.txt.
  private static let loopMajor: UInt32 = 7

  private let root: ProcRoot
  private var known: [UInt64: Bool] = [:]

  init(root: ProcRoot) {
    self.root = root
  }

  /// Whether a device's I/O is that of others, too.
  mutating func isStacked(_ major: UInt32, _ minor: UInt32) -> Bool {
    if major == Self.loopMajor { return true }
    let number = UInt64(major) << 32 | UInt64(minor)
    if let answer = known[number] { return answer }
    let below = try? FolderNames.list("sys/dev/block/\(major):\(minor)/slaves", of: root)
    let answer = !(below ?? []).isEmpty
    known[number] = answer
    return answer
  }

  /// Asks anew from now on: numbers are given again.
  mutating func forget() { known.removeAll(keepingCapacity: true) }
}
