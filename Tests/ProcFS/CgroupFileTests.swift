import Testing

@testable import ProcFS

@Suite struct CgroupFileTests {
  private let stat = CgroupCounters(file: "cpu.stat", names: ["usage_usec", "nr_periods", "user_usec"])

  @Test func countersByName() throws {
    let text = "usage_usec 12\nuser_usec 18446744073709551615\nuser_usec_more 5\nnr_periods 3\n"
    #expect(try text.parsed(stat) { try $0.parse($1) }.values == [12, 3, .max])
    #expect(try "user_usec 1".parsed(stat) { try $0.parse($1) }.values == [nil, nil, 1])
    #expect(try "".parsed(stat) { try $0.parse($1) }.values == [nil, nil, nil])
  }

  @Test func countersOfTheTextBeforeAreForgotten() throws {
    var stat = stat
    stat = try "usage_usec 12\n".parsed(stat) { try $0.parse($1) }
    stat = try "nr_periods 3\n".parsed(stat) { try $0.parse($1) }
    #expect(stat.values == [nil, 3, nil])
  }

  @Test(arguments: [
    ("usage_usec\n", 1, "usage_usec"), ("x 1\nusage_usec -4\n", 2, "usage_usec"),
    ("\nnr_periods 3 4\n", 2, "nr_periods"), ("usage_usec 4x\n", 1, "usage_usec"),
  ])
  func countersSayWhatIsWrong(_ text: String, _ line: Int, _ name: String) {
    let reason = "a number is expected behind \(name)"
    #expect(throws: KernelError.malformed(file: "cpu.stat", line: line, reason: reason)) {
      try text.parsed(stat) { try $0.parse($1) }
    }
  }

  @Test func limits() throws {
    func limit(_ text: String) throws -> Int64? {
      try Array(text.utf8).withUnsafeBytes { try CgroupLimits.limit($0, file: "memory.max") }
    }
    #expect(try limit("max\n") == nil)
    #expect(try limit("9223372036854771712\n") == 9_223_372_036_854_771_712)
    for text in ["", "maximum\n", "-1\n", "1 2\n", "max 1\n"] {
      #expect(throws: KernelError.malformed(file: "memory.max", line: 1, reason: "a number is expected")) {
        try limit(text)
      }
    }
  }

  @Test func quotas() throws {
    func cpus(_ text: String) throws -> Double? {
      try Array(text.utf8).withUnsafeBytes { try CgroupLimits.cpus($0) }
    }
    #expect(try cpus("max 100000\n") == nil)
    #expect(try cpus("50000 100000\n") == 0.5)
    #expect(try cpus("1000 3000\n") == 1.0 / 3)
    for text in ["", "max\n", "50000\n", "50000 0\n", "-1 100000\n", "1 2 3\n", "maximal 3\n"] {
      #expect(throws: KernelError.self) { try cpus(text) }
    }
  }

  private func io(_ text: String, without: UInt32? = nil) throws -> [Int64] {
    let io = try Array(text.utf8).withUnsafeBytes {
      try CgroupIO(parsing: $0) { major, _ in major != without }
    }
    return (0..<4).map { io.sums[$0] }
  }

  @Test func ioIsSummedOverDevices() throws {
    let text = """
      253:0 rbytes=1000 wbytes=2000 rios=3 wios=4 dbytes=0 dios=0
      8:16 rbytes=100 wbytes=200 rios=30 wios=40 dbytes=0 dios=0 cost.usage=17

      """
    #expect(try io(text) == [1100, 2200, 33, 44])
    #expect(try io(text, without: 253) == [100, 200, 30, 40])
    #expect(try io("") == [0, 0, 0, 0])
  }

  @Test func ioOfKernelsThatForgetTheNewline() throws {
    #expect(try io("7:1 7:0 8:0 rbytes=5 wbytes=6 rios=7 wios=8\n", without: 7) == [5, 6, 7, 8])
    #expect(try io("8:0 rbytes=5 wbytes=6 rios=7 wios=8\n7:0 \n", without: 7) == [5, 6, 7, 8])
  }

  @Test func ioSaturates() throws {
    let text = "8:0 rbytes=9223372036854775807\n8:1 rbytes=9223372036854775807\n"
    #expect(try io(text)[0] == .max)
  }

  @Test(arguments: [
    ("rbytes=4\n", 1, "a device is expected"), ("8:0 rios=1\nrbytes=4\n", 2, "a device is expected"),
    ("8:0 rbytes=\n", 1, "a number is expected behind ="),
    ("8:0 wios=-3\n", 1, "a number is expected behind ="),
    ("8:99999999999 rios=1\n", 1, "a device is expected"),
  ])
  func ioSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "io.stat", line: line, reason: reason)) { try io(text) }
  }

  /// Whatever stands in the files, they are read or refused, and never beyond their end.
  @Test func brokenTexts() throws {
    let texts = [
      "usage_usec 12\nuser_usec 18446744073709551615\nnr_periods 3\n", "50000 100000\n", "max\n",
      "8:0 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n",
      "some avg10=0.00 avg60=0.00 avg300=0.00 total=12\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
    ]
    var stat = stat
    var pressure = Pressure(ofCgroup: .io)
    func parseAll(_ text: UnsafeRawBufferPointer) {
      try? stat.parse(text)
      try? pressure.parse(text)
      _ = try? CgroupLimits.cpus(text)
      _ = try? CgroupLimits.limit(text, file: "memory.max")
      _ = try? CgroupIO(parsing: text) { $0 > $1 }
    }
    var random = SplitMix(state: 42)
    for text in texts.map({ Array($0.utf8) }) {
      let memory = GuardedText(capacity: text.count)
      for count in 0...text.count { parseAll(memory.place(text[..<count])) }
      for _ in 0..<500 {
        var changed = text
        for _ in 0..<3 {
          changed[Int.random(in: 0..<text.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        parseAll(memory.place(changed))
      }
    }
  }

  @Test func pressureNamesItsOwnFile() {
    #expect(
      throws: KernelError.malformed(
        file: "cpu.pressure", line: 1, reason: "neither a line some nor a line full")
    ) {
      try "".parsed(Pressure(ofCgroup: .cpu)) { try $0.parse($1) }
    }
  }
}
