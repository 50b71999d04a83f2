import ProcFS
import Testing

@testable import Sampling

/// What a container sees of itself and its host.
@Suite struct ContainerSourceTests {
  private let tree = TestTree()
  private let rootMount = "1 0 8:1 / / rw - ext4 /dev/root rw\n"
  private let memory = "muster_container_memory_limit_bytes"
  private let cores = "muster_container_cpu_limit_cores"

  private func limits(_ files: [String: String]) throws -> [String: Double] {
    tree.write("proc/self/mountinfo", rootMount)
    for (name, text) in files { tree.write(name, text) }
    return try SourceTrial("container", tree).sample().of("muster_container_").filter {
      !$0.key.contains("info")
    }
  }

  @Test func aHostHasNothingToTell() throws {
    tree.write("proc/self/mountinfo", rootMount + "2 1 0:45 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw\n")
    tree.write("proc/self/cgroup", "0::/system.slice/muster-collector.service\n")
    let group = "sys/fs/cgroup/system.slice/muster-collector.service"
    tree.write("\(group)/memory.max", "67108864\n")
    let trial = try SourceTrial("container", tree)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "ok")
    let nothing = try SourceTrial("container", TestTree())
    #expect(nothing.sample().isEmpty)
    #expect(nothing.availability == "unsupported")
  }

  @Test func lxcfsCoversFilesAndFolders() throws {
    tree.write(
      "proc/self/mountinfo",
      rootMount + "2 1 0:45 /proc/meminfo /proc/meminfo rw - fuse.lxcfs lxcfs rw\n"
        + "3 1 0:45 /proc/swaps /proc/swaps rw - fuse.lxcfs lxcfs rw\n"
        + "4 1 0:46 / /proc/uptime rw - fuse.sshfs other rw\n"
        + "5 1 0:45 /sys/devices/system/cpu /sys/devices/system/cpu rw - fuse.lxcfs lxcfs rw\n")
    let trial = try SourceTrial("container", tree)
    let shown = trial.sample()
    func view(_ file: String) -> [String] {
      ["container", "host"].filter { shown[#"muster_host_view_info{file="\#(file)",view="\#($0)"}"#] == 1 }
    }
    for file in ["/proc/meminfo", "/proc/swaps", "/sys/devices/system/cpu", "/sys/devices/system/cpu/online"]
    {
      #expect(view(file) == ["container"], "\(file)")
    }
    for file in ["/proc/uptime", "/proc/stat", "/proc/pressure/io"] {
      #expect(view(file) == ["host"], "\(file)")
    }
    #expect(shown.of("muster_container_").isEmpty)
    // It is not over the file any more.
    tree.write("proc/self/mountinfo", rootMount + "3 1 0:45 / /proc/swaps rw - fuse.lxcfs lxcfs rw\n")
    #expect(trial.sample()[#"muster_host_view_info{file="/proc/meminfo",view="host"}"#] == 1)
    #expect(trial.sample()[#"muster_host_view_info{file="/proc/meminfo",view="container"}"#] == nil)
  }

  @Test(
    arguments: [
      (["run/systemd/container": "lxc\n", ".dockerenv": ""], "lxc"), ([".dockerenv": ""], "docker"),
      (["run/.containerenv": "", ".dockerenv": ""], "podman"), (["run/host/container-manager": "rkt"], "rkt"),
      (["run/systemd/container": "\n", ".dockerenv": ""], "docker"),
    ] as [([String: String], String)])
  func engines(_ files: [String: String], _ engine: String) throws {
    tree.write("proc/self/mountinfo", rootMount)
    for (name, text) in files { tree.write(name, text) }
    #expect(
      try SourceTrial("container", tree).sample().of("muster_container_")
        == [#"muster_container_info{engine="\#(engine)"}"#: 1])
  }

  @Test func aNamespaceOfVersion2HasItsLimitsAtTheTop() throws {
    let top = "sys/fs/cgroup"
    let service = "\(top)/system.slice/muster-collector.service"
    #expect(
      try limits([
        "proc/self/cgroup": "0::/system.slice/muster-collector.service\n",
        "\(top)/cgroup.events": "populated 1\n",
        "\(top)/memory.max": "2147483648\n", "\(top)/cpu.max": "50000 100000\n",
        "\(service)/memory.max": "1000\n", "\(service)/cpu.max": "1 100000\n",
      ]) == [memory: 2_147_483_648, cores: 0.5])
    #expect(try limits(["\(top)/memory.max": "max\n", "\(top)/cpu.max": "max 100000\n"]).isEmpty)
  }

  @Test func withoutANamespaceTheyAreAtItsOwnGroup() throws {
    let own = "sys/fs/cgroup/system.slice/docker-0a.scope"
    #expect(
      try limits([
        ".dockerenv": "", "proc/self/cgroup": "0::/system.slice/docker-0a.scope\n",
        "sys/fs/cgroup/cpuset.cpus.effective": "0-7\n", "sys/devices/system/cpu/present": "0-7\n",
        "\(own)/memory.max": "4096\n", "\(own)/cpuset.cpus.effective": "0-2\n",
        "\(own)/cpu.max": "max 100000\n",
      ]) == [memory: 4096, cores: 3])
    #expect(try limits(["\(own)/cpu.max": "250000 100000\n"])[cores] == 2.5)
    #expect(try limits(["\(own)/cpuset.cpus.effective": "0-7\n"])[cores] == 2.5)
    #expect(try limits(["\(own)/cpu.max": "max 100000\n"])[cores] == nil)
  }

  @Test func version1AtTheTopOrAtItsOwnGroup() throws {
    let folder = "sys/fs/cgroup"
    #expect(
      try limits([
        ".dockerenv": "",
        "proc/self/cgroup": "4:memory:/docker/0a\n3:cpuset:/docker/0a\n2:cpu,cpuacct:/docker/0a\n",
        "\(folder)/memory/memory.limit_in_bytes": "8192\n", "\(folder)/cpu/cpu.cfs_quota_us": "-1\n",
        "\(folder)/cpu/cpu.cfs_period_us": "100000\n", "\(folder)/cpuset/cpuset.effective_cpus": "0-1\n",
        "sys/devices/system/cpu/present": "0-3\n",
      ]) == [memory: 8192, cores: 2])
    #expect(
      try limits([
        "\(folder)/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "\(folder)/memory/docker/0a/memory.limit_in_bytes": "12288\n",
        "\(folder)/cpu/docker/0a/cpu.cfs_quota_us": "150000\n",
        "\(folder)/cpu/docker/0a/cpu.cfs_period_us": "100000\n",
      ]) == [memory: 12288, cores: 1.5])
  }

  @Test func aBrokenLimitShowsNothing() throws {
    tree.write("proc/self/mountinfo", rootMount)
    tree.write("sys/fs/cgroup/cgroup.events", "")
    tree.write("sys/fs/cgroup/memory.max", "lots\n")
    tree.write(".dockerenv", "")
    let trial = try SourceTrial("container", tree)
    #expect(trial.sample().isEmpty)
    #expect(
      trial.error
        == .malformed(
          file: "sys/fs/cgroup/memory.max", line: 1, reason: "max or a number of bytes is expected"))
  }
}
