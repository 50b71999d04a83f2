import Testing

@testable import ProcFS

@Suite struct NetworkServiceTests {
  private static let headings = "IP Virtual Server version 1.2.1 (size=4096)\nProt\n  -> RemoteAddress:Port\n"

  @Test func ipvsStatistics() throws {
    let text =
      "   Total\n   Conns\n 16AA370 E33656E5        0     51D8C8883AB3 FFFFFFFFFFFFFFFF\n\n Conns/s\n"
    let statistics = try text.parsed(IPVSStatistics()) { try $0.parse($1) }
    let values = statistics.values.indices.map { statistics.values[$0] }
    #expect(values == [23_765_872, 3_811_989_221, 0, 89_991_519_156_915, .max])
  }

  @Test(arguments: ["", "a\nb\n", "a\nb\n1 2 3 4\n", "a\nb\n1 2 3 4 x\n", "1 2 3 4 5\n"])
  func ipvsStatisticsRefuse(_ text: String) {
    #expect(
      throws: KernelError.malformed(
        file: "proc/net/ip_vs_stats", line: 3, reason: "5 hexadecimal numbers are expected")
    ) { try text.parsed(IPVSStatistics()) { try $0.parse($1) } }
  }

  @Test func ipvsBackends() throws {
    let text =
      Self.headings + """
        TCP  C0A80016:0CEA wlc persistent 300 FFFFFFFF
          -> C0A85216:0CEA      Tunnel  100    248        2
          -> C0A85318:0CEA      Masq    0      0          18446744073709551615

        SCTP [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 sh
        FWM  10001000 wlc ops
          -> [2001:0db8:0000:0000:0000:0000:0000:0002]:0051      Route   20     3         4
        """
    let backends = try text.parsed(IPVSBackends()) { try $0.parse($1) }
    let keys = backends.keys.withUnsafeBytes { keys in backends.backends.map { $0.key.string(in: keys) } }
    #expect(
      keys == [
        "TCP C0A80016:0CEA C0A85216:0CEA", "TCP C0A80016:0CEA C0A85318:0CEA",
        "FWM 10001000 [2001:0db8:0000:0000:0000:0000:0000:0002]:0051",
      ])
    #expect(backends.backends.map(\.weight) == [100, 0, 20])
    #expect(backends.backends.map(\.active) == [248, 0, 3])
    #expect(backends.backends.map(\.inactive) == [2, .max, 4])
    #expect(try Self.headings.parsed(backends) { try $0.parse($1) }.backends.isEmpty)
    // The last service of one reading is none of the next.
    #expect(throws: KernelError.self) {
      try (Self.headings + "  -> C0A85216:0CEA Masq 1 2 3\n").parsed(backends) { try $0.parse($1) }
    }
  }

  @Test(arguments: [
    ("  -> C0A85216:0CEA Masq 1 2 3\n", 4, "a service is expected before its servers"),
    ("TCP\n", 4, "a protocol and an address, or FWM and a mark, are expected"),
    ("TCP C0A80016 rr\n", 4, "a protocol and an address, or FWM and a mark, are expected"),
    ("FWM xyz rr\n", 4, "a protocol and an address, or FWM and a mark, are expected"),
    ("FWM 1\n  -> C0A8:0CEA Masq 1 2 3\n", 5, "the address of a server is expected"),
    ("FWM 1\n  ->\n", 5, "the address of a server is expected"),
    (
      "FWM 1\n\n  -> C0A85216:0CEA Masq 1 2\n", 6,
      "three numbers are expected behind how packets are forwarded"
    ),
  ])
  func ipvsBackendsSayWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/ip_vs", line: line, reason: reason)) {
      try (Self.headings + text).parsed(IPVSBackends()) { try $0.parse($1) }
    }
  }

  @Test func ipvsNeedsItsHeadings() {
    #expect(
      throws: KernelError.malformed(
        file: "proc/net/ip_vs", line: 2, reason: "three headings are expected")
    ) { try "IP\n".parsed(IPVSBackends()) { try $0.parse($1) } }
  }

  @Test(
    arguments: [
      ("C0A80016:0CEA", "192.168.0.22 3306"), ("00000000:0000", "0.0.0.0 0"),
      ("FFFFFFFF:FFFF", "255.255.255.255 65535"),
      ("[2001:0db8:0000:0000:0000:0000:0000:0016]:01BB", "2001:db8::16 443"),
      ("[2001:0DB8:000A:0001:0002:0003:0004:0015]:0001", "2001:db8:a:1:2:3:4:15 1"),
      ("C0A80016", nil), ("C0A8001:0CEA", nil), ("C0A80016:0CE", nil), ("C0A80016:0CEAA", nil), ("", nil),
      ("[2001:0db8:0000:0000:0000:0000:0016]:01BB", nil), ("[2001:0db8::0016]:01BB", nil), (":0CEA", nil),
      ("C0A800G6:0CEA", nil), ("[:01BB", nil),
    ] as [(String, String?)])
  func endpoints(_ text: String, _ expected: String?) {
    #expect(Array(text.utf8).withUnsafeBytes { IPVSEndpoint.isValid($0) } == (expected != nil))
    guard let expected else { return }
    #expect(IPVSEndpoint(text).map { "\($0.address) \($0.port)" } == expected)
  }

  @Test func endpointsOfNonsense() {
    for text in ["", ":", "[]:1", "é:1", "C0A80016:é", "[x]:0001", "C0A80016:-001"] {
      #expect(IPVSEndpoint(text) == nil, "\(text)")
    }
  }

  @Test func rpc() throws {
    let text = """
      net 1 2 3 4
      th 8 0 0.000 0.120 1
      proc3 3 10 20 18446744073709551615
      proc4 0
      empty
      """
    let statistics = try text.parsed(RPCStatistics(path: "f")) { try $0.parse($1) }
    let lines = Array(text.utf8).withUnsafeBytes { bytes in
      statistics.lines.map { "\($0.label.string(in: bytes)) \(statistics.values[$0.values].map { $0 })" }
    }
    #expect(
      lines == [
        "net [1, 2, 3, 4]", "th [8, 0]", "proc3 [3, 10, 20, 9223372036854775807]", "proc4 [0]", "empty []",
      ])
  }

  @Test(arguments: [
    ("", 1, "no values"), ("\n\n", 3, "no values"), ("net 1 x\n", 1, "a number is expected"),
    ("net 1\nrpc -1\n", 2, "a number is expected"), ("net 0.5\n", 1, "a number is expected"),
    ("proc3 3 1 2\n", 1, "as many numbers as the first one says are expected"),
    ("proc3 1 1 2\n", 1, "as many numbers as the first one says are expected"),
    ("proc4ops\n", 1, "as many numbers as the first one says are expected"),
    ("proc2 18446744073709551615 1\n", 1, "as many numbers as the first one says are expected"),
  ])
  func rpcSaysWhatIsWrong(_ text: String, _ line: Int, _ reason: String) {
    #expect(throws: KernelError.malformed(file: "proc/net/rpc/nfsd", line: line, reason: reason)) {
      try text.parsed(RPCStatistics(path: RPCStatistics.serverPath)) { try $0.parse($1) }
    }
  }

  @Test func rpcHasLimits() {
    let lines = String(repeating: "x\n", count: RPCStatistics.maximumLines + 1)
    let values = "x" + String(repeating: " 1", count: RPCStatistics.maximumValues + 1)
    for text in [lines, values] {
      #expect(throws: KernelError.self) {
        try text.parsed(RPCStatistics(path: "f")) { try $0.parse($1) }
      }
    }
  }
}
