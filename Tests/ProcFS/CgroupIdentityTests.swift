import Testing

@testable import ProcFS

private let id = "4f0c1d2e3b4a59687f6e5d4c3b2a19080f1e2d3c4b5a69788796a5b4c3d2e1f0"
private let short = "4f0c1d2e3b4a"
private let uid = "d31fa8f3-8f02-4d3c-a8a1-9d2a3a5b7a10"
private let uidInSlice = "d31fa8f3_8f02_4d3c_a8a1_9d2a3a5b7a10"
private let staticPod = "eac5300d003621664d30967d7db498d0"

/// A path, and what it is: kind, name, pod, slice.
private struct Example: Sendable {
  let path: String
  let kind: CgroupIdentity.Kind
  let name: String
  let pod: String?
  let slice: String?

  init(
    _ path: String, _ kind: CgroupIdentity.Kind, _ name: String, pod: String? = nil, slice: String? = nil
  ) {
    (self.path, self.kind, self.name, self.pod, self.slice) = (path, kind, name, pod, slice)
  }
}

@Suite struct CgroupIdentityTests {
  @Test(arguments: [
    // systemd
    Example("init.scope", .scope, "init.scope"),
    Example("system.slice", .slice, "system.slice"),
    Example("-.slice", .slice, "-.slice"),
    Example("system.slice/ssh.service", .service, "ssh.service", slice: "system.slice"),
    Example(
      "system.slice/system-getty.slice/getty@tty1.service", .service, "getty@tty1.service",
      slice: "system-getty.slice"),
    Example(
      #"system.slice/system-systemd\x2dfsck.slice/systemd-fsck@dev-disk-by\x2duuid-3A1C.service"#, .service,
      "systemd-fsck@dev-disk-by-uuid-3A1C.service", slice: "system-systemd-fsck.slice"),
    Example(
      #"system.slice/foo\x2dbar\xe2\x82\xac.service"#, .service, "foo-bar€.service", slice: "system.slice"),
    Example(
      "user.slice/user-1000.slice/session-4.scope", .scope, "session-4.scope", slice: "user-1000.slice"),
    Example("system.slice/boot-efi.mount", .passive, "boot-efi.mount", slice: "system.slice"),
    Example("system.slice/dbus.socket", .passive, "dbus.socket", slice: "system.slice"),
    Example("openrc.sshd", .service, "openrc.sshd"),
    // Docker
    Example("system.slice/docker-\(id).scope", .container, short, slice: "system.slice"),
    Example("docker/\(id)", .container, short),
    Example("docker", .group, "docker"),
    Example("docker/\(id)/system.slice/ssh.service", .service, "ssh.service", slice: "system.slice"),
    Example("docker/buildkit/abc", .group, "abc"),
    // Kubernetes: systemd driver, cgroupfs driver, static pods, kind
    Example(
      "kubepods.slice/kubepods-besteffort.slice", .slice, "kubepods-besteffort.slice", slice: "kubepods.slice"
    ),
    Example(
      "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(uidInSlice).slice", .pod, uid,
      pod: uid,
      slice: "kubepods-burstable.slice"),
    Example("kubepods.slice/kubepods-pod\(uidInSlice).slice", .pod, uid, pod: uid, slice: "kubepods.slice"),
    Example(
      "kubepods.slice/kubepods-pod\(staticPod).slice/crio-\(id).scope", .container, short, pod: staticPod,
      slice: "kubepods-pod\(staticPod).slice"),
    Example(
      "kubepods.slice/kubepods-pod\(uidInSlice).slice/cri-containerd-\(id).scope", .container, short,
      pod: uid,
      slice: "kubepods-pod\(uidInSlice).slice"),
    Example(
      "kubepods.slice/kubepods-pod\(uidInSlice).slice/crio-conmon-\(id).scope", .scope,
      "crio-conmon-\(id).scope",
      pod: uid, slice: "kubepods-pod\(uidInSlice).slice"),
    Example(
      "kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod\(uidInSlice).slice", .pod, uid, pod: uid,
      slice: "kubelet-kubepods.slice"),
    Example("kubepods", .slice, "kubepods"),
    Example("kubepods/burstable", .slice, "burstable"),
    Example("kubepods/burstable/pod\(uid)", .pod, uid, pod: uid),
    Example("kubepods/pod\(uid)/\(id)", .container, short, pod: uid),
    // Podman, systemd-machined, LXC
    Example("machine.slice/libpod-\(id).scope", .container, short, slice: "machine.slice"),
    Example("libpod_parent/libpod-\(id)", .container, short),
    Example(
      "machine.slice/libpod-conmon-\(id).scope", .scope, "libpod-conmon-\(id).scope", slice: "machine.slice"),
    Example("machine.slice/machine-libpod_pod_\(id).slice", .pod, short, pod: short, slice: "machine.slice"),
    Example(
      "user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(id).scope", .container, short,
      slice: "user.slice"),
    Example("machine.slice/systemd-nspawn@web.service", .machine, "web", slice: "machine.slice"),
    Example(#"machine.slice/machine-qemu\x2d1\x2dweb.scope"#, .machine, "qemu-1-web", slice: "machine.slice"),
    Example("lxc.payload.web-1", .container, "web-1"),
    Example("lxc/web", .container, "web"),
    Example("lxc.monitor.web-1", .group, "lxc.monitor.web-1"),
    // Nearly
    Example(
      "system.slice/docker-\(id.dropLast()).scope", .scope, "docker-\(id.dropLast()).scope",
      slice: "system.slice"),
    Example(id.uppercased(), .group, id.uppercased()),
    Example("\(id).scope", .scope, "\(id).scope"),
    Example("lxc.payload.", .group, "lxc.payload."),
    Example("pod1234", .group, "pod1234"),
    Example("machine.slice/machine-.scope", .scope, "machine-.scope", slice: "machine.slice"),
    Example("", .group, ""),
  ])
  fileprivate func path(_ example: Example) {
    let identity = CgroupIdentity(path: example.path)
    #expect(identity.kind == example.kind)
    #expect(identity.name == example.name)
    #expect(identity.pod == example.pod)
    #expect(identity.slice == example.slice)
  }

  @Test func readablePaths() {
    #expect(CgroupIdentity(path: "docker/\(id)").path == "/docker/\(short)")
    #expect(
      CgroupIdentity(path: #"machine.slice/machine-qemu\x2d1.scope"#).path
        == "/machine.slice/machine-qemu-1.scope")
    #expect(
      CgroupIdentity(path: "kubepods.slice/crio-\(id).scope").path == "/kubepods.slice/crio-\(short).scope")
    #expect(
      CgroupIdentity(path: "machine.slice/machine-libpod_pod_\(id).slice").path
        == "/machine.slice/machine-libpod_pod_\(short).slice")
  }

  @Test(arguments: [
    (#"a\x2db"#, "a-b"), (#"a\x2"#, #"a\x2"#), (#"a\x"#, #"a\x"#), (#"a\"#, #"a\"#), (#"\x2D"#, #"\x2D"#),
    (#"\\x2d"#, #"\-"#), ("plain", "plain"), ("", ""), (#"\xff"#, "\u{fffd}"),
  ])
  func escapes(_ name: String, _ expected: String) {
    #expect(UnitName.decoded(name) == expected)
  }

  @Test(arguments: [
    ("session-12.scope", "session-*.scope"), ("session-c1.scope", "session-*.scope"),
    ("run-r\(staticPod).scope", "run-*.scope"), ("run-u17.service", "run-*.service"),
    ("run-1234.scope", "run-*.scope"), ("run-p4711-i4712.service", "run-*.service"),
    ("sshd@3-10.0.0.1:22-10.0.0.9:5022.service", "sshd@*.service"),
    ("systemd-coredump@0-1234-0.service", "systemd-coredump@*.service"),
    ("app-org.kde.kate@\(staticPod).service", "app-org.kde.kate@*.service"),
    ("libpod-conmon-\(id).scope", "libpod-conmon-*.scope"), ("vte-spawn-\(uid).scope", "vte-spawn-*.scope"),
    ("app-gnome-firefox-4711.scope", "app-gnome-firefox-*.scope"),
    ("ssh.service", nil), ("session-x.scope", nil), ("session-.scope", nil), ("run-.scope", nil),
    ("run-parts.service", nil), ("run-pa-ib.scope", nil), ("getty@tty1.service", nil),
    ("user@1000.service", nil),
    ("postgresql@15-main.service", nil), ("app-server-2.service", nil), ("session-1.slice", nil), ("", nil),
    ("\(uid).scope", nil), ("@.service", nil), ("x@.service", nil),
  ])
  func shortLivedNames(_ name: String, _ expected: String?) {
    #expect(UnitName.pattern(ofShortLived: name) == expected)
  }
}
