import Glibc
import ProcFS
import Testing

@testable import Sampling

@Suite struct MountViewTests {
  private static let host = [
    "/ ext4 /dev/sda1", "/proc proc proc", "/home ext4 /dev/sdb1", "/srv/data xfs /dev/sdc1",
    "/boot ext4 /dev/sda2",
  ]

  private func mounts(_ places: [String]) throws -> MountInfo {
    var info = MountInfo()
    let text = places.enumerated().map { number, place in
      let parts = place.split(separator: " ")
      return "\(number + 30) 1 8:\(number) / \(parts[0]) rw - \(parts[1]) \(parts[2]) rw\n"
    }.joined()
    try Array(text.utf8).withUnsafeBytes { try info.parse($0) }
    return info
  }

  private func differences(own: [String], root: String = "/") throws -> [MountView.Difference] {
    MountView(
      host: try mounts(Self.host), own: try mounts(own), root: ProcRoot(path: root), filters: FilterSettings()
    ).differences
  }

  @Test func aViewThatIsTheHostsHasNone() throws {
    #expect(try differences(own: Self.host) == [])
    // What a unit mounts beside them hides nothing.
    #expect(try differences(own: Self.host + ["/run/credentials/x ramfs none", "/tmp ext4 /dev/sda1"]) == [])
  }

  @Test func whatCoversAMountIsNamed() throws {
    let found = try differences(own: Self.host + ["/home tmpfs tmpfs"])
    #expect(
      found == [
        MountView.Difference(
          point: "/home", expected: "ext4 of /dev/sdb1", seen: "tmpfs of tmpfs", directive: "ProtectHome=")
      ])
  }

  @Test func aFolderOnTheWayCoversToo() throws {
    let found = try differences(own: Self.host + ["/srv tmpfs tmpfs"])
    #expect(found.map(\.point) == ["/srv/data"])
    #expect(found.first?.seen == "tmpfs of tmpfs")
  }

  @Test func whatIsNotMountedAtAllIsSeenAsItsParent() throws {
    let found = try differences(own: Self.host.filter { !$0.hasPrefix("/boot") })
    #expect(found.map(\.point) == ["/boot"])
    #expect(found.first?.seen == "ext4 of /dev/sda1")
  }

  @Test func aContainerSeesThemBelowItsRoot() throws {
    let own =
      ["/ overlay overlay"] + Self.host.map { "/host" + ($0.hasPrefix("/ ") ? $0.dropFirst() : $0[...]) }
    #expect(try differences(own: own, root: "/host") == [])
    let found = try differences(own: Array(own.prefix(2)), root: "/host")
    #expect(Set(found.map(\.point)) == ["/home", "/srv/data", "/boot"])
    #expect(try differences(own: [], root: "/host").first?.seen == nil)
  }
}

@Suite struct RemedyTests {
  private let open = Remedy(ownMounts: "proc /proc proc rw,nosuid 0 0\n")
  private let narrow = Remedy(
    ownMounts: "proc /proc proc rw 0 0\nproc /proc proc rw,hidepid=invisible,subset=pid 0 0\n")

  @Test func directivesAreNamed() {
    let missing = KernelError(path: "/proc/stat", errno: ENOENT)
    #expect(open.text(for: missing, of: nil) == "")
    #expect(narrow.text(for: missing, of: nil).contains("ProcSubset=all"))
    #expect(narrow.text(for: KernelError(path: "/sys/x", errno: ENOENT), of: nil) == "")
    let first = KernelError(path: "/proc/1/mountinfo", errno: EACCES)
    #expect(open.text(for: first, of: nil).contains("ProtectProc="))
    let root = KernelError(path: "/sys/class/powercap/x/energy_uj", errno: EACCES)
    #expect(open.text(for: root, of: nil).contains("CAP_DAC_READ_SEARCH"))
    #expect(open.text(for: KernelError(path: "/proc/stat", errno: EIO), of: nil) == "")
  }

  @Test func aSourceMayKnowBetter() {
    let kind = SourceKind("x", reads: ["x"], whenDenied: "the unit needs AF_NETLINK", metrics: []) {
      LoadAverageSource(root: $0.root)
    }
    #expect(
      open.text(for: KernelError(path: "netlink", errno: EPERM), of: kind) == "the unit needs AF_NETLINK")
  }
}
