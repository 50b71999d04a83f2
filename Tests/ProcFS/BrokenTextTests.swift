import Testing

@testable import ProcFS

/// One entry per parser: what it makes of a text, or not; the point is that it comes back.
private func parsers() -> [(path: String, parse: (UnsafeRawBufferPointer) -> Void)] {
  var stat = Stat()
  var load = LoadAverage()
  var uptime = Uptime()
  var disks = DiskStats()
  var netDev = NetDev()
  var mounts = MountInfo()
  var memory = KeyedValues(path: KeyedValues.memoryInfoPath)
  var vmstat = KeyedValues(path: KeyedValues.vmstatPath)
  var pressure = Pressure(.io)
  return [
    (Stat.path, { try? stat.parse($0) }),
    (LoadAverage.path, { try? load.parse($0) }),
    (Uptime.path, { try? uptime.parse($0) }),
    (DiskStats.path, { try? disks.parse($0) }),
    (NetDev.path, { try? netDev.parse($0) }),
    (MountInfo.path, { try? mounts.parse($0) }),
    (MountInfo.ownPath, { try? mounts.parse($0) }),
    (KeyedValues.memoryInfoPath, { try? memory.parse($0) }),
    (KeyedValues.vmstatPath, { try? vmstat.parse($0) }),
    (Pressure.Resource.io.path, { try? pressure.parse($0) }),
    (UdevProperties.path(major: 8, minor: 0), { _ = UdevProperties($0) }),
  ]
}

@Suite struct BrokenTextTests {
  /// A long file is cut at each byte of its first and last 1500 only: what lies between is more of the same.
  @Test(arguments: Fixture.machines)
  func cutAtEachByte(_ machine: String) {
    for (path, parse) in parsers() {
      guard let text = Fixture.text(machine, path) else { continue }
      let memory = GuardedText(capacity: text.count)
      parse(memory.place(text))
      for count in 0..<text.count where count < 1500 || count > text.count - 1500 {
        parse(memory.place(text[..<count]))
      }
      parse(memory.place(text))
    }
  }

  @Test(arguments: Fixture.machines)
  func bytesReplaced(_ machine: String) {
    var random = SplitMix(state: 42)
    let interesting = Array(" \n\t\r:-=.,\\0129kBcpu\u{0}".utf8) + [0xff]
    for (path, parse) in parsers() {
      guard var text = Fixture.text(machine, path), !text.isEmpty else { continue }
      let memory = GuardedText(capacity: text.count)
      let whole = text
      for round in 0..<300 {
        let place = Int(random.next() % UInt64(text.count))
        text[place] = interesting[Int(random.next() % UInt64(interesting.count))]
        parse(memory.place(text))
        if round % 10 == 9 { text = whole }
      }
    }
  }

  @Test func nothingAtAll() {
    for (_, parse) in parsers() { parse(UnsafeRawBufferPointer(start: nil, count: 0)) }
  }
}

/// The same numbers each time.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
