import Glibc
import ProcFS
import Wire

/// `os-release`: `node_os_info`, `node_os_version`. An upgrade shows as another series.
struct OSReleaseSource: Source {
  private static let labels = [
    "build_id", "id", "id_like", "image_id", "image_version", "name", "pretty_name", "variant", "variant_id",
    "version", "version_codename", "version_id",
  ]
  private static let info = Metric.gauge(
    "node_os_info", "What the distribution calls itself; always 1.", labels: labels)
  private static let version: Metric = {
    var metric = Metric.gauge(
      "node_os_version", "The first two numbers of the distribution's version.",
      labels: ["id", "id_like", "name"])
    metric.type = .double
    return metric
  }()

  static let metrics = [info, version]

  private let files: [(path: String, file: KernelFile)]
  private var series = ChangingSeries()

  init(root: ProcRoot) {
    files = OSRelease.paths.map { ($0, KernelFile($0, of: root, isKept: false)) }
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    let release = try read(&buffer)
    let info = Self.info.series(named: Self.info.name, Self.labels.map { release[$0.uppercased()] })
    if let id = series.id(of: info, in: &table) { table.set(id, 1) }
    guard let version = release.version else { return }
    let versionSeries = Self.version.series(release["ID"], release["ID_LIKE"], release["NAME"])
    if let id = series.id(of: versionSeries, in: &table) { table.set(id, double: version) }
  }

  mutating func forgetSeries() {
    series.forget()
  }

  /// Of the first file that is there.
  private func read(_ buffer: inout ReadBuffer) throws(KernelError) -> OSRelease {
    var missing = KernelError(path: "os-release", errno: ENOENT)
    for (path, file) in files {
      do {
        return try OSRelease(try file.read(into: &buffer), path: path)
      } catch .unsupported(let path, let code) {
        missing = .unsupported(path: path, errno: code)
      }
    }
    throw missing
  }
}
