import Testing

@testable import ProcFS

/// What the parsers of System/ make of text that is cut or spoiled; the point is that they come back.
@Suite struct SystemBrokenTextTests {
  private static let machines = ["linux-4.19-numa-server", "linux-6.16-64-cpus", "linux-6.8-lxc-container"]

  private static func parsers() -> [(path: String, parse: (UnsafeRawBufferPointer) -> Void)] {
    var handles = FileHandles()
    var scheduler = SchedulerStatistics()
    var node = KeyedValues(path: "meminfo", prefix: "Node 1 ")
    return [
      (FileHandles.path, { try? handles.parse($0) }),
      (SchedulerStatistics.path, { try? scheduler.parse($0) }),
      ("sys/devices/system/node/node1/meminfo", { try? node.parse($0) }),
      ("sys/devices/system/cpu/isolated", { _ = try? CPUList($0, path: "isolated") }),
      ("etc/os-release", { _ = try? OSRelease($0, path: "os-release").version }),
      ("usr/lib/os-release", { _ = try? OSRelease($0, path: "os-release").version }),
      (SELinuxMode.currentPath, { _ = try? SELinuxMode(current: $0) }),
      (SELinuxMode.configPath, { _ = SELinuxMode(config: $0) }),
      (OwnCgroup.path, { _ = try? OwnCgroup($0) }),
      ("sys/fs/cgroup/memory.max", { _ = try? CgroupCeilings.bytes($0, path: "memory.max") }),
      ("sys/fs/cgroup/cpu.max", { _ = try? CgroupCeilings.microcores($0, path: "cpu.max") }),
      (
        ContainerMarker.systemd.path,
        { text in for marker in ContainerMarker.allCases { _ = marker.engine(text) } }
      ),
    ]
  }

  @Test(arguments: machines)
  func cutAtEachByte(_ machine: String) {
    for (path, parse) in Self.parsers() {
      guard let text = Fixture.text(machine, path) else { continue }
      let memory = GuardedText(capacity: text.count)
      for count in 0...text.count where count < 1000 || count > text.count - 500 {
        parse(memory.place(text[..<count]))
      }
    }
  }

  @Test(arguments: machines)
  func bytesReplaced(_ machine: String) {
    var seed: UInt64 = 7
    let interesting = Array(" \n\t:-=\"'\\,/09xN\u{0}".utf8) + [0xff]
    for (path, parse) in Self.parsers() {
      guard var text = Fixture.text(machine, path), !text.isEmpty else { continue }
      let memory = GuardedText(capacity: text.count)
      let whole = text
      for round in 0..<300 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text[Int(seed >> 33) % text.count] = interesting[Int(seed >> 20) % interesting.count]
        parse(memory.place(text))
        if round % 10 == 9 { text = whole }
      }
    }
  }

  @Test func everyParserHasAText() {
    let missing = Self.parsers().map(\.path).filter { path in
      Self.machines.allSatisfy { Fixture.text($0, path) == nil }
    }
    #expect(missing.isEmpty)
  }

  @Test func nothingAtAll() {
    for (_, parse) in Self.parsers() { parse(UnsafeRawBufferPointer(start: nil, count: 0)) }
  }
}
