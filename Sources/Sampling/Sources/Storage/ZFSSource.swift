import Glibc
import ProcFS
import Wire

/// `/proc/spl/kstat/zfs`: `node_zfs_*` of the module, its pools and their datasets.
///
/// Values are untyped, as node_exporter's: ZFS does not say which of them count and which measure. Signed
/// ones are shown, too, which 1.5 leaves out; nor does it find `dbufstats`. A file that is malformed makes
/// the source fail; the others are shown all the same.
struct ZFSSource: Source {
  private static let folder = "proc/spl/kstat/zfs"
  /// Pools beyond these are passed over.
  static let maximumPools = 256

  private static let files = [
    file("arcstats", "arc", "The adaptive replacement cache"),
    file("abdstats", "abd", "Buffers of scattered pages"),
    file("dbufstats", "dbuf", "The cache of decompressed blocks"),
    file("dmu_tx", "dmu_tx", "Transactions, and what held them up"),
    file("dnodestats", "dnode", "Looking for dnodes"),
    file("fm", "fm", "Reports of faults"),
    file("vdev_cache_stats", "vdev_cache", "The read-ahead of devices, before OpenZFS 2.2"),
    file("vdev_mirror_stats", "vdev_mirror", "Which disk of a mirror was read"),
    file("xuio_stats", "xuio", "Loaned buffers, before OpenZFS 2"),
    file("zfetchstats", "zfetch", "Prefetching"),
    file("zil", "zil", "The intent log"),
  ]

  private static func file(_ name: String, _ part: String, _ help: String) -> (name: String, metric: Metric) {
    (name, .untyped("node_zfs_\(part)_<field>", "\(help): a value of `\(name)`."))
  }

  static let metrics = files.map(\.metric) + ZFSPool.metrics

  private let root: ProcRoot
  private var files: [(file: KernelFile, series: ZFSSeries)] = []
  private var pools: [ZFSPool] = []
  private var stat = KStat()

  init(root: ProcRoot) {
    self.root = root
    forgetSeries()
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try list()
    var failure: KernelError?
    for index in files.indices {
      do throws(KernelError) {
        var file = files[index]
        try show(&file, in: &table, reading: &buffer)
        files[index] = file
      } catch {
        failure = failure ?? error
      }
    }
    for index in pools.indices {
      do throws(KernelError) {
        try pools[index].sample(into: &table, reading: &buffer, &stat)
      } catch {
        if !Self.meansNoPool(error) { failure = failure ?? error }
      }
    }
    if let failure { throw failure }
  }

  mutating func forgetSeries() {
    pools.removeAll()
    files = Self.files.map { name, metric in
      (KernelFile("\(Self.folder)/\(name)", of: root), ZFSSeries(metric))
    }
  }

  private mutating func show(
    _ file: inout (file: KernelFile, series: ZFSSeries), in table: inout SampleTable,
    reading buffer: inout ReadBuffer
  ) throws(KernelError) {
    // Versions of ZFS differ in which files they have.
    guard let text = try file.file.readIfThere(into: &buffer) else { return }
    try stat.parse(text, file: file.file.path)
    for (position, entry) in stat.entries.enumerated() {
      guard let value = entry.value else { continue }
      file.series.show(entry.name.bytes(in: text), value, at: position, in: &table)
    }
  }

  /// A file among the folders, or a pool that was exported just now.
  private static func meansNoPool(_ error: KernelError) -> Bool {
    switch error {
    case .failing(_, let code): code == ENOTDIR
    case .unsupported: true
    default: false
    }
  }

  /// Looks which pools there are: folders beside the files.
  private mutating func list() throws(KernelError) {
    let known = Set(Self.files.map(\.name))
    let names = try FolderNames.list(Self.folder, of: root).filter { !known.contains($0) }
    guard names != pools.map(\.name) else { return }
    pools = names.prefix(Self.maximumPools).map { name in
      pools.first { $0.name == name } ?? ZFSPool(name, in: Self.folder, root: root)
    }
  }
}
