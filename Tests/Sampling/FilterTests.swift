import Testing

@testable import Sampling

@Suite struct FilterTests {
  @Test(arguments: [
    ("sda", true), ("sda1", false), ("sdaa1", true), ("sdab", true), ("hda12", false), ("vdb3", false),
    ("xvda1", false), ("xvda", true), ("xvd1", true), ("sd1", true), ("sdA1", true), ("ram0", false),
    ("zram0", false), ("zram", true), ("loop7", false), ("loop", true), ("fd0", false), ("fd", true),
    ("nvme0n1", true), ("nvme0n1p1", false), ("nvme10n22p333", false), ("nvmen1p1", true),
    ("nvme0np1", true), ("xnvme0n1p1", true), ("mmcblk0p1", true), ("dm-0", true), ("md127", true),
    ("sr0", true), ("", true), ("1", true),
  ])
  func disks(_ name: String, _ isKept: Bool) {
    #expect(FilterSettings().diskDevices.keeps(name) == isKept)
  }

  @Test(arguments: [
    ("/", true), ("/dev", false), ("/dev/shm", false), ("/device", true), ("/proc", false),
    ("/procs", true), ("/sys/fs/cgroup", false), ("/system", true), ("/run", true), ("/run/user/0", true),
    ("/run/credentials", true), ("/run/credentials/", true), ("/run/credentials/x", false),
    ("/var/lib/docker", true), ("/var/lib/docker/overlay2/x/merged", false),
    ("/var/lib/containers/storage/overlay", false), ("/var/lib/containers", true), ("/home/dev", true),
  ])
  func mountPoints(_ point: String, _ isKept: Bool) {
    #expect(FilterSettings().mountPoints.keeps(point) == isKept)
  }

  @Test(arguments: [
    ("ext4", true), ("tmpfs", true), ("nfs4", true), ("fuse.sshfs", true), ("overlay", false),
    ("cgroup", false), ("cgroup2", false), ("cgroup3", true), ("proc", false), ("squashfs", false),
    ("autofs", false), ("efivarfs", true),
  ])
  func filesystemTypes(_ type: String, _ isKept: Bool) {
    #expect(FilterSettings().filesystemTypes.keeps(type) == isKept)
  }

  @Test(arguments: [
    ("oom_kill", true), ("oom_kill_x", true), ("pgpgin", true), ("pgpgout", true), ("pswpin", true),
    ("pgfault", true), ("pgmajfault", true), ("pglazyfault", true), ("pgfree", false), ("fault", false),
    ("thp_fault_alloc", false), ("pg", false), ("pgfaul", false), ("nr_free_pages", false),
  ])
  func vmstatFields(_ name: String, _ isKept: Bool) {
    #expect(FilterSettings().vmstatFields.keeps(name) == isKept)
  }

  @Test(arguments: [
    ("ssh.service", true), ("boot.mount.service", true), ("a.target", true), ("a.timer", true),
    ("a.socket", true),
    ("a.mount", false), ("a.automount", false), ("dev-sda.device", false), ("-.slice", false),
    ("x.scope", false),
    (".mount", true), ("mount", true), ("a.mountx", true), ("", true),
  ])
  func systemdUnits(_ name: String, _ isKept: Bool) {
    #expect(FilterSettings().systemdUnits.keeps(name) == isKept)
  }

  @Test func listsTakeThePlaceOfTheStandard() {
    var filter = NameFilter(.diskDevices, exclude: [GlobPattern("sd[b-z]*")])
    #expect(["sda", "sda1", "sdb", "loop0"].filter { filter.keeps($0) } == ["sda", "sda1", "loop0"])
    filter.include = [GlobPattern("sd*")]
    #expect(["sda", "sda1", "sdb", "loop0"].filter { filter.keeps($0) } == ["sda", "sda1"])
    filter.exclude = nil
    #expect(["sda", "sda1", "sdb", "loop0"].filter { filter.keeps($0) } == ["sda", "sda1", "sdb"])
    filter.include = []
    #expect(!filter.keeps("sda"))
  }

  @Test(arguments: [
    ("", "", true), ("", "a", false), ("*", "", true), ("*", "a/b", true), ("a*", "a", true),
    ("a*c", "abbc", true), ("a*c", "abb", false), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false),
    ("?", "a", true), ("?", "", false), ("a?c", "abc", true), ("[abc]", "b", true), ("[abc]", "d", false),
    ("[a-c]x", "bx", true), ("[!a-c]", "b", false), ("[!a-c]", "d", true), ("[]]", "]", true),
    ("[", "[", true), ("[a", "[a", true), ("[a-]", "-", true), ("[-a]", "-", true), ("[z-a]", "m", false),
    ("veth*", "veth0a1b", true), ("*aaaaaaaaaaaaaaaaaaab", String(repeating: "a", count: 2000), false),
  ])
  func globs(_ pattern: String, _ name: String, _ fits: Bool) {
    #expect(name.bytes { GlobPattern(pattern).matches($0) } == fits)
  }

  @Test func aPatternHasALimit() {
    let long = String(repeating: "a", count: GlobPattern.maximumBytes + 1)
    #expect(!long.bytes { GlobPattern(long).matches($0) })
    #expect(!"".bytes { GlobPattern(long).matches($0) })
  }
}
