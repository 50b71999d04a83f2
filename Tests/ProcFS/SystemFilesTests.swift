import Testing

@testable import ProcFS

/// The parsers of System/: what they make of good text, and what they say of other.
@Suite struct SystemFilesTests {
  @Test func fileHandles() throws {
    let handles = try "1289\t0\t2466170\n".parsed(FileHandles()) { try $0.parse($1) }
    #expect([handles.allocated, handles.maximum] == [1289, 2_466_170])
    let unlimited = try "1 0 9223372036854775807\n".parsed(FileHandles()) { try $0.parse($1) }
    #expect(unlimited.maximum == .max)
  }

  @Test(arguments: ["", "1", "1 0", "1 0 x", "-1 0 5", "1 0 5x"])
  func fileHandlesRefuse(_ text: String) {
    #expect(
      throws: KernelError.malformed(file: FileHandles.path, line: 1, reason: "three numbers are expected")
    ) {
      try text.parsed(FileHandles()) { try $0.parse($1) }
    }
  }

  @Test(arguments: ["version 15", "version 16", "version 17"])
  func schedulerStatistics(_ version: String) throws {
    let text = """
      \(version)
      timestamp 4363110540
      cpu0 1 0 2 3 4 5 1403462983250 308264815712 30291457
      domain0 MC 00000000,00000003 1 2 3
      domain1 cpu7 4 5 6
      cpu63 0 0 0 0 0 0 18446744073709551615 2 3 99
      """
    let statistics = try text.parsed(SchedulerStatistics()) { try $0.parse($1) }
    #expect(statistics.cpus.map(\.number) == [0, 63])
    #expect(statistics.cpus.map(\.running) == [1_403_462_983_250, .max])
    #expect(statistics.cpus.map(\.waiting) == [308_264_815_712, 2])
    #expect(statistics.cpus.map(\.timeslices) == [30_291_457, 3])
  }

  @Test(arguments: [
    ("", 1, "the version is expected"), ("cpu0 1 2 3 4 5 6 7 8 9\n", 1, "the version is expected"),
    ("version 14\n", 1, "version 14 is not known, 15...17 are"),
    ("version 18\ncpu0 1 2 3 4 5 6 7 8 9\n", 1, "version 18 is not known, 15...17 are"),
    ("version 15\ntimestamp 1\n", 3, "no line of a CPU"),
    ("version 15\ntimestamp 1\ncpu0 1 2 3 4 5 6 7 8\n", 3, "9 numbers of a CPU are expected"),
    ("version 15\ncpu0 1 2 3 x 5 6 7 8 9\n", 2, "9 numbers of a CPU are expected"),
    ("version 15\ncpu0 1 2 3 4 5 6 7 -8 9\n", 2, "9 numbers of a CPU are expected"),
    ("version 15\ncpu9999 1 2 3 4 5 6 7 8 9\n", 2, "a CPU's number below 8192 is expected"),
    ("version 15\ncpu 0 1 2 3 4 5 6 7 8 9\n", 2, "a CPU's number below 8192 is expected"),
    ("version 15\ncpux 1 2 3 4 5 6 7 8 9\n", 2, "a CPU's number below 8192 is expected"),
  ])
  func schedulerStatisticsSayWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: SchedulerStatistics.path, line: line, reason: reason)) {
      try text.parsed(SchedulerStatistics()) { try $0.parse($1) }
    }
  }

  @Test(
    arguments: [
      ("", []), ("\n", []), (" \n", []), ("0\n", [0]), ("0-3\n", [0, 1, 2, 3]), ("0,2-3,8", [0, 2, 3, 8]),
      ("8190-8191\n", [8190, 8191]),
    ] as [(String, [Int])])
  func cpuList(_ text: String, _ numbers: [Int]) throws {
    #expect(try list(text).numbers == numbers)
  }

  @Test(arguments: [
    ",", "0,", "0,\n", "0-", "-3", "3-1", "0,0", "2-4,3", "8192", "0-99999999999999999999", "x", "0 1",
    "0-1-2",
    "0-3:1/2",
  ])
  func cpuListRefuses(_ text: String) {
    #expect(
      throws: KernelError.malformed(
        file: "online", line: 1, reason: "ascending CPUs below 8192 are expected, as in 0-3,8")
    ) { try list(text) }
  }

  private func list(_ text: String) throws -> CPUList {
    try Array(text.utf8).withUnsafeBytes { try CPUList($0, path: "online") }
  }

  @Test func memoryOfANodeHasAPrefix() throws {
    let path = "sys/devices/system/node/node1/meminfo"
    let text = "Node 1 MemTotal:  100 kB\nNode 1 Active(anon):  7 kB\nNode 1 HugePages_Total:  2\n"
    var values = try text.parsed(KeyedValues(path: path, prefix: "Node 1 ")) { try $0.parse($1) }
    #expect(values.entries.map { values.name(of: $0) } == ["MemTotal", "Active(anon)", "HugePages_Total"])
    #expect(values.entries.map(\.value) == [100, 7, 2])
    #expect(values.entries.map(\.isKibibytes) == [true, true, false])
    let layout = values.layout
    values = try text.replacing("100", with: "999").parsed(values) { try $0.parse($1) }
    #expect(values.entries[0].value == 999)
    #expect(values.layout == layout)
    #expect(
      throws: KernelError.malformed(file: path, line: 2, reason: "\"Node 1 \" is expected first")
    ) {
      try "Node 1 MemTotal: 1 kB\nNode 2 MemFree: 1 kB\n".parsed(values) { try $0.parse($1) }
    }
    #expect(throws: KernelError.self) { try "Node 1 \n".parsed(values) { try $0.parse($1) } }
  }
}
