import GRPC
import Glibc
import ProcFS
import Sampling
import Wire

/// `disk-usage`: mounts that the filters keep, with how full they are. No folder is walked through, and no
/// mount is waited for longer than six seconds.
final class DiskUsageJob: CommandJob {
  /// Mounts shown.
  static let maximumMounts = 1024
  /// Mounts asked in one step.
  private static let slice = 32
  /// How long answers are waited for: a second more than after which a mount counts as stuck.
  private static let patience: Duration = .seconds(6)
  /// How often waiting looks for answers.
  private static let pollInterval: Duration = .milliseconds(5)

  private struct Place {
    var usage: MountUsage
    var point: String
    var path: String
    var isSlow: Bool
  }

  private let environment: any CommandEnvironment
  private let mounts: MountSurveyor
  private var places: [Place]?
  /// Mounts beyond the limit.
  private var left = 0
  private var asked = 0
  private var waiting: [Int] = []
  private var began: Instant?
  private var isSaid = false

  init(environment: any CommandEnvironment, mounts: MountSurveyor) {
    self.environment = environment
    self.mounts = mounts
  }

  func step(at now: Moment) -> CommandStep {
    guard places != nil else { return list() }
    if asked < places?.count ?? 0 { return ask(at: now) }
    if !waiting.isEmpty, let wait = hear(at: now) { return wait }
    if !isSaid {
      isSaid = true
      mounts.rest()
      return .output(.disks(DiskUsageList(mounts: places?.map(\.usage) ?? [])))
    }
    return .finished(.ok, left > 0 ? "\(left) more mounts are not shown" : "")
  }

  private func list() -> CommandStep {
    var buffer = ReadBuffer()
    var host = HostMounts(root: environment.root)
    do throws(KernelError) {
      try host.read(into: &buffer)
    } catch {
      return .finished(.failed, "the mounts cannot be read: \(error)")
    }
    places = shown(host)
    return .more
  }

  private func shown(_ host: HostMounts) -> [Place] {
    let filters = environment.filters
    let all = host.positions.map { host.info.mounts[$0] }
    return host.info.names.withUnsafeBytes { names in
      let slowPoints = all.filter { SlowMounts.includes(type: $0.type.string(in: names)) }
        .map { $0.point.bytes(in: names) }
      var places: [Place] = []
      // Of two mounts at one point only the later one can be seen.
      var seen: Set<String> = []
      for mount in all.reversed() {
        let point = mount.point.string(in: names)
        let type = mount.type.string(in: names)
        guard seen.insert(point).inserted, filters.mountPoints.keeps(mount.point.bytes(in: names)),
          filters.filesystemTypes.keeps(type)
        else { continue }
        let usage = MountUsage(
          mountPoint: SecretMask.printable(point.utf8),
          device: SecretMask.text(mount.source.string(in: names)), type: SecretMask.printable(type.utf8),
          readOnly: host.isReadOnly(mount))
        let isSlow = slowPoints.contains { SlowMounts.isOnTheWay($0, to: mount.point.bytes(in: names)) }
        places.append(
          Place(usage: usage, point: point, path: environment.root.path(of: point), isSlow: isSlow))
      }
      left = max(places.count - Self.maximumMounts, 0)
      return places.reversed().prefix(Self.maximumMounts).map { $0 }
    }
  }

  private func ask(at now: Moment) -> CommandStep {
    began = now.instant
    let stuck = environment.stuckMounts
    let end = min(asked + Self.slice, places?.count ?? 0)
    for index in asked..<end {
      guard let place = places?[index] else { break }
      if let known = stuck.first(where: { $0.point == place.point }) {
        places?[index].usage.problem = "stuck for \(mounts.seconds(since: known.sinceNanoseconds)) s"
      } else if place.isSlow {
        mounts.ask(place.point, at: place.path)
        waiting.append(index)
      } else {
        places?[index].usage.fill(mounts.askNow(place.path))
      }
    }
    asked = end
    return .more
  }

  /// Takes the answers that have come; when to look again, if some have not.
  private func hear(at now: Moment) -> CommandStep? {
    let isOver = now.instant - (began ?? now.instant) >= Self.patience
    waiting.removeAll { index in
      guard let point = places?[index].point else { return true }
      switch mounts.reading(of: point) {
      case .answer(let answer?): places?[index].usage.fill(answer)
      case .stuck(let since): places?[index].usage.problem = "stuck for \(mounts.seconds(since: since)) s"
      case .answer(nil):
        guard isOver else { return false }
        places?[index].usage.problem = "not asked: too many others are stuck"
      }
      return true
    }
    return waiting.isEmpty ? nil : .wait(until: now.instant + Self.pollInterval)
  }
}

extension MountUsage {
  /// Takes the figures over, or says why there are none.
  fileprivate mutating func fill(_ answer: Result<FilesystemUsage, SystemCallError>) {
    switch answer {
    case .success(let usage):
      sizeBytes = bytes(usage.blocks, usage)
      usedBytes = bytes(usage.blocks - usage.freeBlocks, usage)
      availableBytes = bytes(usage.availableBlocks, usage)
      inodes = UInt64(max(usage.files, 0))
      inodesUsed = UInt64(max(usage.files - usage.freeFiles, 0))
    case .failure(let error):
      problem =
        error.code == EACCES || error.code == EPERM
        ? "permission denied" : String(cString: strerror(error.code))
    }
  }

  private func bytes(_ blocks: Int64, _ usage: FilesystemUsage) -> UInt64 {
    let (bytes, overflow) = UInt64(max(blocks, 0)).multipliedReportingOverflow(
      by: UInt64(max(usage.blockSize, 0)))
    return overflow ? .max : bytes
  }
}
