import Testing

@testable import ProcFS

/// What a machine says it is: distribution, SELinux, container.
@Suite struct SystemIdentityTests {
  private func release(_ text: String) throws -> OSRelease {
    try Array(text.utf8).withUnsafeBytes { try OSRelease($0, path: "etc/os-release") }
  }

  @Test func osRelease() throws {
    let release = try release(
      """
      # a comment

      NAME="Example \\"OS\\" \\$1"
      ID=example
        ID_LIKE='a "b" \\c'
      VERSION_ID=1\r
      VERSION_ID="22.04"
      EMPTY=
      BUG_REPORT_URL="https://example.org/?a=b"
      """)
    #expect(release["NAME"] == "Example \"OS\" $1")
    #expect(release["ID"] == "example")
    #expect(release["ID_LIKE"] == "a \"b\" \\c")
    #expect(release["VERSION_ID"] == "22.04")
    #expect(release["EMPTY"] == "")
    #expect(release["BUG_REPORT_URL"] == "https://example.org/?a=b")
    #expect(release["VARIANT"] == "")
  }

  @Test(
    arguments: [
      ("12", 12), ("22.04", 22.04), ("3.19.1", 3.19), ("7.", 7), ("9-rc1", 9), ("9-1.5", 9), ("rolling", nil),
      ("", nil), (".5", nil), ("١", nil),
    ] as [(String, Double?)])
  func versions(_ text: String, _ version: Double?) throws {
    #expect(try release("VERSION_ID=\(text)\n").version == version)
  }

  @Test(arguments: ["A\n", "A=\"b\n", "A='b", "A=b\\", "A=\"b\\\"\n"])
  func osReleaseSaysWhatIsWrong(_ text: String) {
    #expect(
      throws: KernelError.malformed(
        file: "etc/os-release", line: 2, reason: "NAME=value is expected, quotes in pairs")
    ) { try release("ID=a\n" + text) }
  }

  @Test func osReleaseIsBounded() throws {
    let most = (0..<OSRelease.maximumValues).map { "A\($0)=1\n" }.joined()
    #expect(try release(most)["A255"] == "1")
    #expect(throws: KernelError.self) { try release(most + "B=1\n") }
  }

  @Test func selinux() throws {
    func current(_ text: String) throws -> SELinuxMode {
      try Array(text.utf8).withUnsafeBytes { try SELinuxMode(current: $0) }
    }
    func config(_ text: String) -> SELinuxMode? {
      Array(text.utf8).withUnsafeBytes { SELinuxMode(config: $0) }
    }
    #expect(try current("1") == .enforcing)
    #expect(try current("0\n") == .permissive)
    for text in ["", "-1", "2", "x"] { #expect(throws: KernelError.self) { try current(text) } }
    #expect(config("# SELINUX=disabled\nSELINUXTYPE=targeted\nSELINUX=Permissive \n") == .permissive)
    #expect(config("SELINUX=enforcing") == .enforcing)
    #expect(config("SELINUX=disabled\n") == .disabled)
    #expect(config("SELINUX=perhaps\n") == nil)
    #expect(config("") == nil)
  }

  @Test func containerMarkers() {
    func engine(_ marker: ContainerMarker, _ text: String) -> String {
      Array(text.utf8).withUnsafeBytes { marker.engine($0) }
    }
    #expect(engine(.systemd, "lxc\n") == "lxc")
    #expect(engine(.manager, "systemd-nspawn") == "systemd-nspawn")
    #expect(engine(.docker, "") == "docker")
    #expect(engine(.podman, "") == "podman")
    #expect(engine(.podman, "name=\"x\"\nengine=\"buildah-1.28\"\n") == "buildah")
    #expect(engine(.podman, "engine=\"\"\n") == "podman")
  }

  @Test func ownCgroup() throws {
    let text = "12:memory:/docker/0a:b\n5:cpu,cpuacct:/docker/1\n1:name=systemd:/\n0::/user.slice/a:b.scope\n"
    let own = try Array(text.utf8).withUnsafeBytes { try OwnCgroup($0) }
    #expect(own.unified == "/user.slice/a:b.scope")
    #expect(own.byController["memory"] == "/docker/0a:b")
    #expect(own.byController["cpuacct"] == "/docker/1")
    #expect(own.byController["cpuset"] == nil)
    let none = try Array("".utf8).withUnsafeBytes { try OwnCgroup($0) }
    #expect(none == OwnCgroup())
  }

  @Test(arguments: ["0:/\n", "0::relative\n", "x\n", "0::\n"])
  func ownCgroupSaysWhatIsWrong(_ text: String) {
    #expect(
      throws: KernelError.malformed(
        file: OwnCgroup.path, line: 2, reason: "id:controllers:/path is expected, 256 lines at most")
    ) { try Array(("0::/\n" + text).utf8).withUnsafeBytes { _ = try OwnCgroup($0) } }
  }

  @Test func ceilings() throws {
    func bytes(_ text: String) throws -> Int64? {
      try Array(text.utf8).withUnsafeBytes { try CgroupCeilings.bytes($0, path: "memory.max") }
    }
    func microcores(_ text: String) throws -> Int64? {
      try Array(text.utf8).withUnsafeBytes { try CgroupCeilings.microcores($0, path: "cpu.max") }
    }
    #expect(try bytes("max\n") == nil)
    #expect(try bytes("2147483648\n") == 2_147_483_648)
    #expect(try bytes("9223372036854771712\n") == nil)
    #expect(try bytes("18446744073709551615\n") == nil)
    for text in ["", "x", "-1"] {
      #expect(throws: KernelError.self) { try bytes(text) }
    }
    #expect(try microcores("max 100000\n") == nil)
    #expect(try microcores("150000 100000\n") == 1_500_000)
    #expect(try microcores("9223372036854775807 1\n") == nil)
    for text in ["", "150000", "150000 0", "-1 100000", "x 5"] {
      #expect(throws: KernelError.self) { try microcores(text) }
    }
    #expect(CgroupCeilings.microcores(quota: -1, period: 100_000) == nil)
    #expect(CgroupCeilings.microcores(quota: 50_000, period: 0) == nil)
    #expect(CgroupCeilings.microcores(quota: 50_000, period: 100_000) == 500_000)
  }
}
