public import ProcFS

/// What this process sees of the host's mounts. A service manager gives a unit a view of its own: folders are
/// covered, made read-only or replaced, and then sizes are told of something else, or not at all.
public struct MountView {
  /// A mount of the host that is seen otherwise here.
  public struct Difference: Hashable, Sendable {
    /// Where it is mounted, on the host.
    public let point: String
    /// What the host has there: `ext4 of /dev/sda1`.
    public let expected: String
    /// What is seen there instead; nil: nothing is mounted there.
    public let seen: String?
    /// The unit's directive that does this, as far as can be told.
    public let directive: String
  }

  /// A mount, and the name of what it is.
  private struct Place {
    let point: String
    let what: String
  }

  private let host: [Place]
  private let own: [Place]
  private let root: ProcRoot

  /// The mounts of the first process and those of this one. `root` is where the host's `/` is here.
  public init(host: MountInfo, own: MountInfo, root: ProcRoot, filters: FilterSettings) {
    self.host = Self.places(host, keeping: filters)
    self.own = Self.places(own, keeping: nil)
    self.root = root
  }

  /// Every mount that is sampled and seen otherwise here.
  public var differences: [Difference] {
    host.compactMap { place in
      let point = ownPoint(of: place.point)
      let last = own.lastIndex { $0.point == point }
      // What was mounted later on the way to it covers it.
      let cover = own.lastIndex { $0.point != point && Self.isBelow(point, $0.point) }
      if let last, own[last].what == place.what, cover.map({ $0 < last }) ?? true { return nil }
      let seen = [last, cover].compactMap(\.self).max().map { own[$0] }
      return Difference(
        point: place.point, expected: place.what, seen: last == nil && cover == nil ? nil : seen?.what,
        directive: Self.directive(covering: place.point, isReplaced: last != nil))
    }
  }

  /// Where a mount of the host is to be found here.
  private func ownPoint(of point: String) -> String {
    let path = root.path(of: point)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Of two mounts at one point only the later one can be seen.
  private static func places(_ info: MountInfo, keeping filters: FilterSettings?) -> [Place] {
    info.names.withUnsafeBytes { names in
      var places: [Place] = []
      var isLast: Set<String> = []
      for mount in info.mounts.reversed() {
        let point = mount.point.string(in: names)
        let type = mount.type.string(in: names)
        if let filters {
          guard isLast.insert(point).inserted, filters.mountPoints.keeps(point),
            filters.filesystemTypes.keeps(type)
          else { continue }
        }
        places.append(Place(point: point, what: "\(type) of \(mount.source.string(in: names))"))
      }
      return places.reversed()
    }
  }

  private static func isBelow(_ point: String, _ folder: String) -> Bool {
    folder == "/" || point.hasPrefix(folder + "/")
  }

  /// systemd.exec(5), which directive covers which folder.
  private static func directive(covering point: String, isReplaced: Bool) -> String {
    let folders: [(folder: String, directive: String)] = [
      ("/home", "ProtectHome="), ("/root", "ProtectHome="), ("/run/user", "ProtectHome="),
      ("/tmp", "PrivateTmp="), ("/var/tmp", "PrivateTmp="), ("/dev", "PrivateDevices="),
      ("/proc", "ProtectProc= or ProcSubset="), ("/sys", "ProtectKernelTunables="),
    ]
    let found = folders.first { point == $0.folder || isBelow(point, $0.folder) }
    return found?.directive
      ?? (isReplaced
        ? "TemporaryFileSystem= or BindPaths=" : "InaccessiblePaths=, or PrivateMounts= of an older mount")
  }
}
