import ProcFS
import Wire

/// What a container sees of itself and its host: `muster_container_*`, `muster_host_view_info`.
///
/// In a container most of /proc shows the host. Where lxcfs is mounted over a file, that one shows the container. On a
/// host there is nothing to tell, and no series.
struct ContainerSource: Source {
  private static let info = Metric.gauge(
    "muster_container_info", "What runs the container that the collector is in; always 1.", labels: ["engine"]
  )
  private static let view = Metric.gauge(
    "muster_host_view_info", "Whose figures a file shows, `host` or `container`; always 1.",
    labels: ["file", "view"])
  private static let memory = Metric.gauge(
    "muster_container_memory_limit_bytes", "Memory the container may use; absent if there is no limit.")
  private static let cores = Metric.gauge(
    "muster_container_cpu_limit_cores",
    "CPUs the container may use, by quota or by set; absent if there is no limit.", divisor: 1_000_000)

  static let metrics = [info, view, memory, cores]

  /// Files read by other sources over which lxcfs may be mounted.
  private static let coverable = [
    "/proc/diskstats", "/proc/loadavg", "/proc/meminfo", "/proc/pressure/cpu", "/proc/pressure/io",
    "/proc/pressure/memory", "/proc/stat", "/proc/uptime", "/sys/devices/system/cpu/online",
  ]

  private let root: ProcRoot
  private let mountsFile: KernelFile
  private var mounts = MountInfo()
  private var series = ChangingSeries()

  init(root: ProcRoot) {
    self.root = root
    mountsFile = KernelFile(MountInfo.ownPath, of: root, isKept: false)
  }

  mutating func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    try mounts.parse(try mountsFile.read(into: &buffer))
    let covered = mounts.filesCovered(by: "fuse.lxcfs")
    let engine = engine(&buffer)
    let cgroup = ContainerCgroup(root: root)
    guard engine != nil || !covered.isEmpty || cgroup.isNamespaced(&buffer) else { return }
    let limits = try cgroup.limits(&buffer)

    if let engine { show(Self.info.series(engine), 1, in: &table) }
    for file in covered.union(Self.coverable).sorted() {
      let isCovered = covered.contains { file == $0 || file.hasPrefix($0 + "/") }
      show(Self.view.series(file, isCovered ? "container" : "host"), 1, in: &table)
    }
    if let bytes = limits.memoryBytes { show(Self.memory.series(), bytes, in: &table) }
    if let microcores = limits.microcores { show(Self.cores.series(), microcores, in: &table) }
  }

  mutating func forgetSeries() {
    series.forget()
  }

  private mutating func show(_ descriptor: SeriesDescriptor, _ value: Int64, in table: inout SampleTable) {
    if let id = series.id(of: descriptor, in: &table) { table.set(id, value) }
  }

  /// What the first marker that is there says; nil if there is none.
  private func engine(_ buffer: inout ReadBuffer) -> String? {
    for marker in ContainerMarker.allCases {
      let file = KernelFile(marker.path, of: root, isKept: false)
      if let text = try? file.read(into: &buffer) {
        let engine = marker.engine(text)
        if !engine.isEmpty { return engine }
      }
    }
    return nil
  }
}

extension MountInfo {
  /// Files and folders of /proc and /sys over which a file system of this type is mounted.
  fileprivate func filesCovered(by type: String) -> Set<String> {
    names.withUnsafeBytes { names in
      var files: Set<String> = []
      for mount in mounts where mount.type.bytes(in: names).elementsEqual(type.utf8) {
        let point = mount.point.string(in: names)
        if point.hasPrefix("/proc/") || point.hasPrefix("/sys/") { files.insert(point) }
      }
      return files
    }
  }
}
