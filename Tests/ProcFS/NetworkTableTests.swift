import Testing

@testable import ProcFS

@Suite struct NetworkTableTests {
  @Test func hexadecimal() {
    for (text, expected) in [
      ("0", 0), ("  0000002a", 42), ("7fffffffffffffff", .max), ("8000000000000000", .max),
      ("ffffffffffffffff", .max), ("10000000000000000", .max), ("00000000000000000000001F", 31), ("", nil),
      ("g", nil), ("1g", nil), ("-1", nil), ("0x1", nil),
    ] as [(String, Int64?)] {
      let value = Array(text.utf8).withUnsafeBytes { bytes in
        var cursor = Cursor(bytes)
        return cursor.hexadecimalNumber()
      }
      #expect(value == expected, "\(text)")
    }
  }

  @Test(
    arguments: [
      ("00000001 2 3 0 0 0 0 0 4", nil, [1, 2, 3, 4]),
      ("1 2 3 0 0 0 0 0 4 5", nil, [1, 2, 3, 4, 5]),
      ("02eef0c1 2 3 0 0 0 0 0 4 5 6", nil, [0x2ee_f0c1, 2, 3, 4, 5, 6]),
      ("1 2 3 9 9 9 9 9 4 5 6 7 0000001f", 31, [1, 2, 3, 4, 5, 6, 7]),
      ("1 2 3 0 0 0 0 0 4 5 6 7 3 9 9 9 9", 3, [1, 2, 3, 4, 5, 6, 7]),
    ] as [(String, Int?, [Int64])])
  func softNet(_ line: String, _ number: Int?, _ values: [Int64]) throws {
    let softNet = try "\(line)\n".parsed(SoftNet()) { try $0.parse($1) }
    let cpu = try #require(softNet.cpus.first)
    #expect(cpu.number == number)
    #expect((0..<cpu.count).map { cpu.values[$0] } == values)
  }

  @Test(arguments: [
    ("", 1, "no CPU"), ("1 2 3 4 5 6 7 8\n", 1, "8 numbers of a CPU, expected 9 or more"),
    ("\n1 2 3 4 x\n", 2, "a hexadecimal number is expected"),
    ("1 2 3 4 5 6 7 8 9 a b c 2000\n", 1, "8192 is no number of a CPU"),
    ("1 2 3 4 5 6 7 8 9 a b c ffffffffffffffff\n", 1, "\(Int64.max) is no number of a CPU"),
  ])
  func softNetSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/softnet_stat", line: line, reason: reason)) {
      try text.parsed(SoftNet()) { try $0.parse($1) }
    }
  }

  @Test func conntrack() throws {
    let text = """
      entries  clashres found new invalid insert_failed drop early_drop search_restart
      00000022  00000000 00000001 00000000 00000003 0000000a 00000010 7fffffffffffffff 00000001
      00000022  00000000 00000002 00000000 00000004 00000000 00000001 00000001 ffffffff

      """
    let statistics = try text.parsed(ConntrackStatistics()) { try $0.parse($1) }
    let sums = ConntrackStatistics.Column.allCases.map { statistics.sums[$0.rawValue] }
    #expect(sums == [3, 7, nil, nil, 10, 17, .max, 0x1_0000_0000])
    let empty = try "entries found\n".parsed(statistics) { try $0.parse($1) }
    #expect(empty.sums[0] == 0)
    #expect(empty.sums[1] == nil)
  }

  @Test(arguments: [
    ("", 1, "headings are expected"), ("\nfound\n", 1, "headings are expected"),
    ("entries found\n1\n", 2, "2 hexadecimal numbers are expected"),
    ("entries found\n1 2\n1 2 3\n", 3, "2 hexadecimal numbers are expected"),
    ("entries found\n1 x\n", 2, "2 hexadecimal numbers are expected"),
    (String(repeating: "found ", count: 33), 1, "more than 32 columns"),
  ])
  func conntrackSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/stat/nf_conntrack", line: line, reason: reason)) {
      try text.parsed(ConntrackStatistics()) { try $0.parse($1) }
    }
  }

  @Test func arp() throws {
    let text = """
      IP address       HW type     Flags       HW address            Mask     Device
      192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0
      192.0.2.2        0x1         0x0         00:00:00:00:00:00     *        enp131s0f1np1.1
      192.0.2.3        0x1         0x2         02:fc:00:00:00:06     *        enp131s0f1np1.2
      192.0.2.4        0x1         0x2         02:fc:00:00:00:07     *        eth0

      """
    let table = try text.parsed(ARPTable()) { try $0.parse($1) }
    let names = Array(text.utf8).withUnsafeBytes { bytes in table.devices.map { $0.name.string(in: bytes) } }
    #expect(names == ["eth0", "enp131s0f1np1.1", "enp131s0f1np1.2"])
    #expect(table.devices.map(\.entries) == [2, 1, 1])
    #expect(try "IP address\n".parsed(table) { try $0.parse($1) }.devices.isEmpty)
  }

  @Test(arguments: [
    ("", 1, "a heading is expected"), ("IP\n1 2 3 4 5\n", 2, "an interface is expected in the sixth column"),
    ("IP\n\n1 2 3 4 5 longer-than-names\n", 3, "an interface is expected in the sixth column"),
  ])
  func arpSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/arp", line: line, reason: reason)) {
      try text.parsed(ARPTable()) { try $0.parse($1) }
    }
  }

  @Test func arpHasALimit() {
    let text = "IP\n" + (0...ARPTable.maximumDevices).map { "1 2 3 4 5 d\($0)\n" }.joined()
    #expect(throws: KernelError.self) { try text.parsed(ARPTable()) { try $0.parse($1) } }
  }

  @Test func udpQueues() throws {
    let text = """
         sl  local_address rem_address   st tx_queue rx_queue tr tm->when
       1061: 0100007F:0035 00000000:0000 07 00000000:00000A00 00:00000000 00000000   101        0 18344 2 0 0
      12061: 0100007F:0036 00000000:0000 07 00000001:0000000b 00:00000000
          1: 0 0 07 FFFFFFFFFFFFFFFF:0
      """
    let queues = try text.parsed(UDPQueues(path: "f")) { try $0.parse($1) }
    #expect(queues.sent == .max)
    #expect(queues.received == 0xa0b)
    let none = try "sl\n".parsed(queues) { try $0.parse($1) }
    #expect(none.sent == 0)
    #expect(none.received == 0)
  }

  @Test(arguments: [
    ("", 1, "a heading is expected"), ("sl\n1: a b 07\n", 2, "two queues are expected in the fifth column"),
    ("sl\n1: a b 07 00:\n", 2, "two queues are expected in the fifth column"),
    ("sl\n1: a b 07 0 0\n", 2, "two queues are expected in the fifth column"),
    ("sl\n1: a b 07 1:2:3\n", 2, "two queues are expected in the fifth column"),
  ])
  func udpQueuesSayWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/udp", line: line, reason: reason)) {
      try text.parsed(UDPQueues(path: UDPQueues.path)) { try $0.parse($1) }
    }
  }
}
