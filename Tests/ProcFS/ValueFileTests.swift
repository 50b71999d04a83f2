import Testing

@testable import ProcFS

@Suite struct ValueFileTests {
  @Test func loadAverage() throws {
    let load = try "0.36 0.77 12.46 1/96 10596\n".parsed(LoadAverage()) { try $0.parse($1) }
    #expect(load.threads == 96)
    #expect([load.one, load.five, load.fifteen] == [36, 77, 1246])
  }

  @Test func uptime() throws {
    #expect(try "757.68 1003.76\n".parsed(Uptime()) { try $0.parse($1) }.hundredths == 75768)
  }

  @Test func pressure() throws {
    let text =
      "some avg10=6.78 avg60=2.97 avg300=3.80 total=33494214\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"
    let pressure = try text.parsed(Pressure(.memory)) { try $0.parse($1) }
    #expect(pressure.some == 33_494_214)
    #expect(pressure.full == 7)
    let irq = try "full total=5".parsed(Pressure(.irq)) { try $0.parse($1) }
    #expect(irq.some == nil)
    #expect(irq.full == 5)
  }

  @Test func keyedValues() throws {
    let text = "MemTotal:       24684084 kB\n\nActive(anon):\t 5 kB\nHugePages_Total:       0\n"
    var values = try text.parsed(KeyedValues(path: "proc/meminfo")) { try $0.parse($1) }
    #expect(values.entries.map { values.name(of: $0) } == ["MemTotal", "Active(anon)", "HugePages_Total"])
    #expect(values.entries.map(\.value) == [24_684_084, 5, 0])
    #expect(values.entries.map(\.isKibibytes) == [true, true, false])

    values = try "a 1\nbb: 2 kB\nc 3\n".parsed(values) { try $0.parse($1) }
    let learned = values.layout
    for (text, layoutChanges, expected) in [
      ("a 7\nbb: 8 kB\nc 9\n", false, [7, 8, 9] as [Int64]),
      ("a       1\nbb:   2 kB\nc 3\n", false, [1, 2, 3]),
      ("a 1\nbb: 2\nc 3\n", true, [1, 2, 3]),
      ("a 1\nc 3\n", true, [1, 3]),
      ("aa 1\nbb: 2 kB\nc 3\n", true, [1, 2, 3]),
      ("a 1\nbb: 2 kB\nc 3\nd 4\n", true, [1, 2, 3, 4]),
      ("a 1\nbb: 2 kB\nc 3", true, [1, 2, 3]),
    ] {
      let next = try text.parsed(values) { try $0.parse($1) }
      #expect(next.entries.map(\.value) == expected, "\(text)")
      #expect((next.layout != learned) == layoutChanges, "\(text)")
    }
  }

  @Test(arguments: [
    ("", 1, "no values"), ("\n\n", 3, "no values"), ("a", 1, "a number is expected behind the name"),
    ("a 1\nb x\n", 2, "a number is expected behind the name"), ("a 1 MB\n", 1, "the only known unit is kB"),
    ("a 1 kB x\n", 1, "more than a name, a number and a unit"),
  ])
  func keyedValuesSayWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/vmstat", line: line, reason: reason)) {
      try text.parsed(KeyedValues(path: "proc/vmstat")) { try $0.parse($1) }
    }
  }

  @Test(arguments: ["", "some\n", "some avg10=1\n", "some total=\n", "some total=x\n", "nothing total=1\n"])
  func pressureRefuses(_ text: String) {
    #expect(throws: KernelError.self) { try text.parsed(Pressure(.io)) { try $0.parse($1) } }
  }

  @Test(arguments: ["", "1 2", "1 2 x", "a b c", "\n1 2 3"])
  func loadAverageRefuses(_ text: String) {
    #expect(throws: KernelError.self) { try text.parsed(LoadAverage()) { try $0.parse($1) } }
  }
}
