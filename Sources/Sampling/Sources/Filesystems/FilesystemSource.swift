import ProcFS
import Wire

/// `/proc/1/mountinfo` (``HostMounts``) and `statvfs(3)`: `node_filesystem_*` of each mount.
///
/// Mounts are looked at again every ``refreshNanoseconds``, however short the interval of sampling is; in
/// between, series keep the values of the last look. What is mounted is read anew each time, since a file
/// system that turns read-only after an error does not tell those who poll the file.
///
/// A mount that answers from memory is asked at once. Any other, and any on the way to which such a one lies,
/// is asked by a thread of a ``ProbeCrew`` and shows its last answer; when it has not answered in time its
/// values are absent, and `node_filesystem_device_error` is 1 until it does.
///
/// Names are shown as they are. (node_exporter 1.5 decodes only blanks and tabs, and only of mount points.)
final class FilesystemSource: Source {
  /// How long an answer is shown before the file system is asked again: 10 s.
  static let refreshNanoseconds: Int64 = 10_000_000_000

  private let root: ProcRoot
  private var filters: FilterSettings
  private let usage: @Sendable (UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError>
  private let probes: ProbeCrewOwner

  private var host: HostMounts
  private var rows = SeriesRows()
  /// By the number of a row: whether its type is slow, and what is shown of it, if anything is.
  private var isSlowType: [Bool] = []
  private var mounts: [WatchedMount?] = []

  /// Of the last look: the rows that are shown, with their places in `host`, and the slow mount points.
  private var shown: [(row: Int, position: Int)] = []
  private var slowPoints: [TextRange] = []
  private var refreshedAt: Int64?
  /// By mount point: those under way when ids were forgotten. A mount must not be asked twice at a time.
  private var keptProbes: [String: MountProbe] = [:]

  init(root: ProcRoot, filters: FilterSettings, calls: KernelCalls, clock: @escaping @Sendable () -> Int64) {
    self.root = root
    self.filters = filters
    usage = calls.filesystemUsage
    host = HostMounts(root: root)
    probes = ProbeCrewOwner(ProbeCrew(usage: calls.filesystemUsage, clock: clock))
  }

  func sample(
    into table: inout SampleTable, reading buffer: inout ReadBuffer, at now: Int64
  ) throws(KernelError) {
    if refreshedAt.map({ now - $0 >= Self.refreshNanoseconds }) ?? true {
      refreshedAt = nil
      try host.read(into: &buffer)
      recognize(in: &table)
      askAll()
      keptProbes.removeAll()
      refreshedAt = now
    }
    probes.crew.advance(at: now)
    for (row, _) in shown { mounts[row]?.show(reading(of: row, at: now), in: &table) }
  }

  func forgetSeries() {
    for mount in mounts {
      if let mount, let probe = mount.probe { keptProbes[mount.point] = probe }
    }
    rows.removeAll()
    isSlowType.removeAll()
    mounts.removeAll()
    shown.removeAll()
    refreshedAt = nil
  }

  func refilter(_ filters: FilterSettings) {
    let isConcerned =
      filters.mountPoints != self.filters.mountPoints
      || filters.filesystemTypes != self.filters.filesystemTypes
    self.filters = filters
    if isConcerned { forgetSeries() }
  }

  /// Mounts that do not answer, and since when by the sampler's clock.
  func stuckMounts(at now: Int64) -> [StuckMount] {
    shown.compactMap { row, _ in
      guard let mount = mounts[row], case .stuck(let since) = reading(of: row, at: now) else { return nil }
      return StuckMount(point: mount.point, sinceNanoseconds: since)
    }
  }

  /// Questions not asked, because too many waited already.
  var refusedQuestions: Int { probes.crew.refusedQuestions }

  /// Waits until the mounts that were asked last have answered or are stuck, `nanoseconds` at most.
  func awaitAnswers(nanoseconds: Int64) {
    probes.crew.awaitAnswers(nanoseconds: nanoseconds)
  }

  /// Finds the row of each mount, and with it what is shown and what is slow.
  private func recognize(in table: inout SampleTable) {
    shown.removeAll(keepingCapacity: true)
    slowPoints.removeAll(keepingCapacity: true)
    // Another reference to the same storage, gone before the next parse; so nothing is copied.
    let host = host
    host.info.names.withUnsafeBytes { names in
      for position in host.positions {
        let mount = host.info.mounts[position]
        let key = mount.key.bytes(in: names)
        let row = rows.find(key, at: position) ?? add(mount, key, names, at: position, to: &table)
        if row.map({ isSlowType[$0.number] }) ?? true { slowPoints.append(mount.point) }
        if let row, row.first != nil { shown.append((row.number, position)) }
      }
    }
  }

  private func add(
    _ mount: MountInfo.Mount, _ key: UnsafeRawBufferPointer, _ names: UnsafeRawBufferPointer,
    at position: Int, to table: inout SampleTable
  ) -> SeriesRows.Row? {
    let point = mount.point.string(in: names)
    let type = mount.type.string(in: names)
    var first: Int?
    if filters.mountPoints.keeps(mount.point.bytes(in: names)), filters.filesystemTypes.keeps(type) {
      first = table.register(WatchedMount.metrics, mount.source.string(in: names), type, point)
    }
    let width = WatchedMount.metrics.count
    guard let row = rows.add(key, first: first, width: width, at: position) else { return nil }
    isSlowType.append(SlowMounts.includes(type: type))
    mounts.append(first.map { WatchedMount(point: point, path: root.path(of: point), first: $0) })
    return row
  }

  /// Asks every mount that is shown: now, or through the crew.
  private func askAll() {
    for (row, position) in shown {
      let mount = host.info.mounts[position]
      mounts[row]?.isReadOnly = host.isReadOnly(mount)
      if isSlow(mount) { askLater(row) } else { askNow(row) }
    }
  }

  private func askNow(_ row: Int) {
    guard let path = mounts[row]?.path else { return }
    mounts[row]?.probe = nil
    mounts[row]?.answer = path.withUnsafeBufferPointer { path in path.baseAddress.map { usage($0) } }
  }

  private func askLater(_ row: Int) {
    guard let mount = mounts[row] else { return }
    let probe = mount.probe ?? keptProbes[mount.point] ?? MountProbe(path: mount.path)
    mounts[row]?.probe = probe
    probes.crew.submit(probe)
  }

  private func isSlow(_ mount: MountInfo.Mount) -> Bool {
    guard !slowPoints.isEmpty else { return false }
    return host.info.names.withUnsafeBytes { names in
      let point = mount.point.bytes(in: names)
      return slowPoints.contains { SlowMounts.isOnTheWay($0.bytes(in: names), to: point) }
    }
  }

  private func reading(of row: Int, at now: Int64) -> MountProbe.Reading {
    guard let mount = mounts[row], let probe = mount.probe else { return .answer(mounts[row]?.answer) }
    return probes.crew.reading(of: probe, at: now)
  }
}
