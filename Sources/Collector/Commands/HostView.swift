import ProcFS
import Sampling
import Wire

/// What a collector may see of its host, for `self-check`: what its sources lack, and which of the host's mounts are
/// hidden from it.
struct HostView {
  /// Mounts that get a line.
  static let maximumMounts = 100

  private let root: ProcRoot
  private let filters: FilterSettings
  private let remedy: Remedy

  init(root: ProcRoot, filters: FilterSettings) {
    self.root = root
    self.filters = filters
    remedy = Remedy(ownMounts: (try? Self.text("proc/self/mounts", of: ProcRoot())) ?? "")
  }

  /// A source, in the words of `Availability`, and what to do about it.
  func line(of status: SourceStatus) -> SelfCheckLine {
    guard status.isEnabled else {
      return SelfCheckLine(subject: status.name, state: "ok", detail: "switched off by the settings")
    }
    var detail = status.availability.error?.description ?? ""
    if let error = status.availability.error {
      let advice = remedy.text(for: error, of: SourceCatalogue.byName[status.name])
      if !advice.isEmpty { detail += "; \(advice)" }
    }
    return SelfCheckLine(
      subject: status.name, state: status.availability.word, detail: detail,
      readMicroseconds: UInt64(max(status.lastReadNanoseconds, 0) / 1000),
      series: UInt32(clamping: status.series))
  }

  /// The host's mounts that are seen otherwise here; one line if there are none.
  var mountLines: [SelfCheckLine] {
    let host: MountInfo
    let own: MountInfo
    do { own = try Self.mounts(MountInfo.ownPath, of: ProcRoot()) } catch {
      return [SelfCheckLine(subject: "mount view", state: "failing", detail: "\(error)")]
    }
    do { host = try Self.mounts(MountInfo.path, of: root) } catch {
      return [
        SelfCheckLine(
          subject: "mount view", state: "warning",
          detail: "the first process's mounts are hidden, this one's own are shown; "
            + "ProtectProc=default in the unit shows them")
      ]
    }
    let differences = MountView(host: host, own: own, root: root, filters: filters).differences
    guard !differences.isEmpty else {
      return [SelfCheckLine(subject: "mount view", state: "ok", detail: "the first process's")]
    }
    return differences.prefix(Self.maximumMounts).map(Self.line)
  }

  private static func line(of difference: MountView.Difference) -> SelfCheckLine {
    let seen = difference.seen.map { "\($0) is seen there" } ?? "nothing is seen there"
    return SelfCheckLine(
      subject: "mount \(SecretMask.printable(difference.point.utf8))", state: "warning",
      detail: SecretMask.text(
        "\(difference.expected) is hidden: \(seen); look at the unit's \(difference.directive)"))
  }

  private static func mounts(_ path: String, of root: ProcRoot) throws(KernelError) -> MountInfo {
    var buffer = ReadBuffer()
    var info = MountInfo()
    try info.parse(try KernelFile(path, of: root).read(into: &buffer))
    return info
  }

  private static func text(_ path: String, of root: ProcRoot) throws(KernelError) -> String {
    var buffer = ReadBuffer()
    return String(decoding: try KernelFile(path, of: root).read(into: &buffer), as: UTF8.self)
  }
}
