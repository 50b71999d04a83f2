import Testing

@testable import ProcFS

@Suite struct NetworkGroupedValuesTests {
  @Test(
    arguments: [
      (
        .headings, "Tcp: RtoMin MaxConn InSegs\nTcp: 200 -1 18446744073709551615\nIp: A\nIp: 0\n",
        ["Tcp_RtoMin": 200, "Tcp_MaxConn": -1, "Tcp_InSegs": .max, "Ip_A": 0]
      ),
      (
        .headings, "\nUdp: \t A  B \r\nUdp:\t1   2 \r\n\nIcmpMsg:\nIcmpMsg:\nX: Y\nX: 3",
        ["Udp_A": 1, "Udp_B": 2, "X_Y": 3]
      ),
      (
        .pairs, "sockets: used 31\nTCP: inuse 4 mem 271\nRAW:\nFRAG: inuse 0 memory 0",
        ["sockets_used": 31, "TCP_inuse": 4, "TCP_mem": 271, "FRAG_inuse": 0, "FRAG_memory": 0]
      ),
      (
        .lines, "Ip6InReceives                   \t267\nIcmp6OutType135 \t8\n",
        ["Ip6_InReceives": 267, "Icmp6_OutType135": 8]
      ),
    ] as [(GroupedValues.Form, String, [String: Int64])])
  func forms(_ form: GroupedValues.Form, _ text: String, _ expected: [String: Int64]) throws {
    var values = GroupedValues(path: "f", form: form)
    for _ in 1...3 { values = try text.parsed(values) { try $0.parse($1) } }
    #expect(values.byName == expected)
    #expect(values.layout == 1)
  }

  @Test func whatIsTheSameIsOnlyCompared() throws {
    let first = "Tcp: A B\nTcp: 1 2\nIp: C\nIp: 3\n"
    var values = try first.parsed(GroupedValues(path: "f", form: .headings)) { try $0.parse($1) }
    for (text, changes, expected) in [
      (
        "Tcp: A B\nTcp: 7 -8\nIp: C\nIp: 12345678901234567890\n", false,
        ["Tcp_A": 7, "Tcp_B": -8, "Ip_C": .max]
      ),
      ("Tcp: A B\nTcp:   7   8\nIp: C\nIp: 9", false, ["Tcp_A": 7, "Tcp_B": 8, "Ip_C": 9]),
      ("Tcp: A D\nTcp: 1 2\nIp: C\nIp: 3\n", true, ["Tcp_A": 1, "Tcp_D": 2, "Ip_C": 3]),
      ("Tcp: A D\nTcp: 1 2\n", true, ["Tcp_A": 1, "Tcp_D": 2]),
      ("Tcp: A D\nTcp: 1 2\nM: T3\nM: 5\n", true, ["Tcp_A": 1, "Tcp_D": 2, "M_T3": 5]),
      ("Tcp: A D\nTcp: 1 2\nM: T3 T8\nM: 5 6\n", true, ["Tcp_A": 1, "Tcp_D": 2, "M_T3": 5, "M_T8": 6]),
      ("M: T3 T8\nM: 5 6\n", true, ["M_T3": 5, "M_T8": 6]),
    ] as [(String, Bool, [String: Int64])] {
      let before = values.layout
      values = try text.parsed(values) { try $0.parse($1) }
      #expect(values.byName == expected, "\(text)")
      #expect((values.layout != before) == changes, "\(text)")
    }
  }

  @Test func anErrorLeavesNothingThatCouldBeTakenForTheRest() throws {
    let good = "Tcp: A B\nTcp: 1 2\n"
    var values = try good.parsed(GroupedValues(path: "f", form: .headings)) { try $0.parse($1) }
    #expect(throws: KernelError.self) {
      values = try "Tcp: A B\nTcp: 5 x\n".parsed(values) { values, text in
        defer { #expect(values.names.isEmpty) }
        try values.parse(text)
      }
    }
    values = try good.parsed(values) { try $0.parse($1) }
    #expect(values.byName == ["Tcp_A": 1, "Tcp_B": 2])
  }

  @Test(
    arguments: [
      (.headings, "", 1, "no values"), (.headings, "\n \n", 3, "no values"),
      (.headings, "Tcp:\nTcp:\n", 3, "no values"),
      (.headings, "Tcp A\nTcp 1\n", 1, "a name and a colon are expected"),
      (.headings, ": A\n: 1\n", 1, "a name and a colon are expected"),
      (.headings, "Tcp: A\n", 2, "a name and a colon are expected"),
      (.headings, "Tcp: A\nUdp: 1\n", 2, "the numbers of Tcp are expected"),
      (.headings, "Tcp: A B\nTcp: 1\n", 2, "2 numbers are expected"),
      (.headings, "Tcp: A B\nTcp: 1 2 3\n", 2, "2 numbers are expected"),
      (.headings, "Tcp: A B\nTcp: 1 2x\n", 2, "2 numbers are expected"),
      (.headings, "Tcp: A B\nTcp: 1 - 2\n", 2, "2 numbers are expected"),
      (.headings, "Tcp: A B\nTcp: 1 --2\n", 2, "2 numbers are expected"),
      (.pairs, "TCP: inuse 1\nUDP: inuse\n", 2, "a number is expected behind each name"),
      (.pairs, "TCP: inuse 1 2\n", 1, "a number is expected behind each name"),
      (.pairs, "TCP inuse 1\n", 1, "a name and a colon are expected"), (.pairs, "RAW:\n", 2, "no values"),
      (.lines, "Ip6In 1\nIpIn 2\n", 2, "a name with a 6 in it is expected"),
      (.lines, "Ip6 1\n", 1, "a name with a 6 in it is expected"),
      (.lines, "Ip6In\n", 1, "a number is expected behind the name"),
      (.lines, "Ip6In 1 2\n", 1, "more than a name and a number"),
    ] as [(GroupedValues.Form, String, Int, String)])
  func sayWhatIsWrong(_ form: GroupedValues.Form, _ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/snmp", line: line, reason: reason)) {
      try text.parsed(GroupedValues(path: "proc/net/snmp", form: form)) { try $0.parse($1) }
    }
  }

  @Test func thereIsALimit() {
    let count = GroupedValues.maximumValues + 1
    let text = (0..<count).map { "Ip6N\($0) 1\n" }.joined()
    let reason = "more than \(GroupedValues.maximumValues) values"
    #expect(throws: KernelError.malformed(file: "f", line: count, reason: reason)) {
      try text.parsed(GroupedValues(path: "f", form: .lines)) { try $0.parse($1) }
    }
  }
}

extension GroupedValues {
  fileprivate var byName: [String: Int64] {
    #expect(names.count == values.count)
    return Dictionary(uniqueKeysWithValues: zip(names, values))
  }
}
