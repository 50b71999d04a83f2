import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct NetworkSourceTests {
  private let clock = TestClock()

  private func sampler(_ tree: TestTree, _ filters: FilterSettings = FilterSettings()) -> Sampler {
    Sampler(root: tree.root, filters: filters, calls: SamplingFixture.calls) { [clock] in clock.now }
  }

  @Test func netstatShowsTheFieldsThatAreChosen() {
    let tree = TestTree([
      "proc/net/snmp":
        "Ip: Forwarding DefaultTTL\nIp: 2 64\nTcp: MaxConn InSegs\nTcp: -1 18446744073709551615\n",
      "proc/net/netstat": "TcpExt: ListenDrops TW\nTcpExt: 4 5\n",
      "proc/net/snmp6": "Ip6InOctets \t6\nIp6InDiscards \t7\nUdp6InErrors \t8\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(
      table.shown.of("node_netstat") == [
        "node_netstat_Ip_Forwarding": 2, "node_netstat_Tcp_InSegs": 0x1p63,
        "node_netstat_TcpExt_ListenDrops": 4,
        "node_netstat_Ip6_InOctets": 6, "node_netstat_Udp6_InErrors": 8,
      ])
    #expect(table.descriptors.filter { $0.name.hasPrefix("node_netstat") }.allSatisfy { $0.kind == .untyped })

    var settings = SamplingSettings()
    settings.filters.netstatFields.include = [GlobPattern("Tcp*"), GlobPattern("*_InDiscards")]
    settings.filters.netstatFields.exclude = [GlobPattern("*Segs")]
    sampler.apply(settings, to: &table)
    sampler.sample(into: &table)
    #expect(
      table.shown.of("node_netstat") == [
        "node_netstat_Tcp_MaxConn": -1, "node_netstat_TcpExt_ListenDrops": 4, "node_netstat_TcpExt_TW": 5,
        "node_netstat_Ip6_InDiscards": 7,
      ])
  }

  @Test func fieldsThatComeLaterAreTakenInAndKeepTheirSeries() {
    let tree = TestTree(["proc/net/snmp": "Udp: InErrors NoPorts\nUdp: 1 2\n"])
    let sampler = sampler(tree)
    var table = SampleTable()
    for (text, expected) in [
      ("Udp: InErrors NoPorts\nUdp: 3 4\n", ["Udp_InErrors": 3, "Udp_NoPorts": 4]),
      (
        "Icmp: InMsgs\nIcmp: 5\nUdp: NoPorts InErrors\nUdp: 6 7\n",
        ["Icmp_InMsgs": 5, "Udp_NoPorts": 6, "Udp_InErrors": 7]
      ),
      ("Udp: InErrors\nUdp: 8\n", ["Udp_InErrors": 8]), ("Udp: InErrors\nUdp: x\n", [:]),
      ("Udp: InErrors\nUdp: 9\n", ["Udp_InErrors": 9]),
    ] as [(String, [String: Double])] {
      tree.write("proc/net/snmp", text)
      sampler.sample(into: &table)
      let shown = table.shown.of("node_netstat")
      #expect(shown == .init(uniqueKeysWithValues: expected.map { ("node_netstat_" + $0, $1) }))
    }
    #expect(table.descriptors.filter { $0.name.hasPrefix("node_netstat") }.count == 3)
  }

  @Test func sockets() {
    let tree = TestTree([
      "proc/net/sockstat": "sockets: used 31\nTCP: inuse 4 mem 3\nFRAG: inuse 0 memory 9\n",
      "proc/net/sockstat6": "TCP6: inuse 2\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    let page = table.shown["node_sockstat_TCP_mem_bytes"].map { $0 / 3 }
    #expect(page.map { $0 >= 4096 && $0.truncatingRemainder(dividingBy: 4096) == 0 } == true)
    #expect(
      table.shown.of("node_sockstat").filter { !$0.key.hasSuffix("_bytes") } == [
        "node_sockstat_sockets_used": 31, "node_sockstat_TCP_inuse": 4, "node_sockstat_TCP_mem": 3,
        "node_sockstat_FRAG_inuse": 0, "node_sockstat_FRAG_memory": 9, "node_sockstat_TCP6_inuse": 2,
      ])
  }

  /// Before Linux 5.10 a line does not say its CPU, and CPUs that are offline have none.
  @Test func softNetKnowsItsCPUs() throws {
    let tree = TestTree([
      "proc/net/softnet_stat": "a 1 2 0 0 0 0 0 0\nb 3 4 0 0 0 0 0 0\n",
      "sys/devices/system/cpu/online": "0,2\n",
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    func processed() -> [String: Double] { table.shown.of("node_softnet_processed") }
    sampler.sample(into: &table)
    #expect(
      processed() == [
        #"node_softnet_processed_total{cpu="0"}"#: 10, #"node_softnet_processed_total{cpu="2"}"#: 11,
      ])
    #expect(table.shown.of("node_softnet_received_rps").isEmpty)

    // The third came between the two readings: rather nothing than a wrong CPU.
    tree.write("sys/devices/system/cpu/online", "0-2\n")
    sampler.sample(into: &table)
    #expect(processed().isEmpty)
    #expect(table.shown[#"muster_collector_source_up{source="softnet"}"#] == 0)

    tree.write("proc/net/softnet_stat", "1 0 0 0 0 0 0 0 0 0 0 7 2\n")
    sampler.sample(into: &table)
    #expect(processed() == [#"node_softnet_processed_total{cpu="2"}"#: 1])
  }

  @Test func softNetOfANewKernelNeedsNoList() {
    let tree = TestTree(["proc/net/softnet_stat": "1 2 3 0 0 0 0 0 4 5 6 7 1f 0 0\n"])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    let names = [
      "processed_total", "dropped_total", "times_squeezed_total", "cpu_collision_total", "received_rps_total",
      "flow_limit_count_total", "backlog_len",
    ]
    let expected = names.enumerated().map { (#"node_softnet_\#($1){cpu="31"}"#, Double($0 + 1)) }
    #expect(table.shown.of("node_softnet") == .init(uniqueKeysWithValues: expected))
  }

  @Test func conntrack() {
    let tree = TestTree(["proc/sys/net/netfilter/nf_conntrack_count": "12\n"])
    let sampler = sampler(tree)
    var table = SampleTable()
    // Half of it is none.
    sampler.sample(into: &table)
    #expect(table.shown.of("node_nf_conntrack").isEmpty)

    // Built without the statistics.
    tree.write("proc/sys/net/netfilter/nf_conntrack_max", "262144\n")
    clock.advance(seconds: 60)
    sampler.sample(into: &table)
    let levels = ["node_nf_conntrack_entries": 12.0, "node_nf_conntrack_entries_limit": 262_144]
    #expect(table.shown.of("node_nf_conntrack") == levels)

    tree.write("proc/net/stat/nf_conntrack", "entries found drop\n0c 1 10\n0c 2 0\n")
    sampler.sample(into: &table)
    let sums = ["node_nf_conntrack_stat_found": 3.0, "node_nf_conntrack_stat_drop": 16]
    #expect(table.shown.of("node_nf_conntrack") == levels.merging(sums) { $1 })

    tree.write("proc/net/stat/nf_conntrack", "entries found drop\n0c 1\n")
    sampler.sample(into: &table)
    #expect(table.shown.of("node_nf_conntrack").isEmpty)
    #expect(table.shown[#"muster_collector_source_up{source="conntrack"}"#] == 0)
  }

  @Test func neighboursComeAndGo() {
    let tree = TestTree()
    let sampler = sampler(tree)
    var table = SampleTable()
    let heading = "IP address HW type Flags HW address Mask Device\n"
    func line(_ device: String) -> String { "192.0.2.1 0x1 0x2 02:fc:00:00:00:05 * \(device)\n" }
    for (text, expected) in [
      (line("a") + line("b") + line("a"), ["a": 2, "b": 1]), (line("b"), ["b": 1]), ("", [:]),
      (line("c") + line("b") + line("b") + line("a"), ["a": 1, "b": 2, "c": 1]),
    ] as [(String, [String: Double])] {
      tree.write("proc/net/arp", heading + text)
      sampler.sample(into: &table)
      #expect(
        table.shown.of("node_arp")
          == .init(uniqueKeysWithValues: expected.map { (#"node_arp_entries{device="\#($0)"}"#, $1) }))
    }
  }

  @Test func neighboursAndQueuesAreReadEveryFiveSeconds() {
    #expect(["arp", "udp_queues"].allSatisfy { SourceCatalogue.byName[$0]?.interval == .seconds(5) })
  }

  @Test func udpQueuesOfEitherProtocol() {
    let socket = "sl\n 1: 0100007F:0035 00000000:0000 07 00000001:00000A00 00:00000000\n"
    let four = [#"node_udp_queues{queue="tx",ip="v4"}"#: 1.0, #"node_udp_queues{queue="rx",ip="v4"}"#: 2560]
    let six = [#"node_udp_queues{queue="tx",ip="v6"}"#: 1.0, #"node_udp_queues{queue="rx",ip="v6"}"#: 2560]
    for (files, expected) in [
      (["proc/net/udp"], four), (["proc/net/udp6"], six),
      (["proc/net/udp", "proc/net/udp6"], four.merging(six) { $1 }), ([], [:]),
    ] {
      let tree = TestTree(.init(uniqueKeysWithValues: files.map { ($0, socket) }))
      let sampler = sampler(tree)
      var table = SampleTable()
      sampler.sample(into: &table)
      #expect(table.shown.of("node_udp") == expected)
      let isUp = table.shown[#"muster_collector_source_up{source="udp_queues"}"#]
      #expect(isUp == (files.isEmpty ? nil : 1))
    }
  }

  @Test func aQueueThatCannotBeUnderstoodHidesBoth() {
    let tree = TestTree(["proc/net/udp": "sl\n 1: a b 07 1:2\n", "proc/net/udp6": "sl\n 1: a b\n"])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(table.shown.of("node_udp").isEmpty)
    #expect(table.shown[#"muster_collector_source_up{source="udp_queues"}"#] == 0)
  }

  /// Without IPv6, connection tracking, IPVS and NFS; in a namespace of its own.
  @Test func aContainerHasNothingOfWhatItLacks() throws {
    let sampler = Sampler(
      root: ProcRoot(path: SamplingFixture.path("linux-6.1-container")), calls: SamplingFixture.calls
    ) { [clock] in clock.now }
    var table = SampleTable()
    sampler.sample(into: &table)
    let missing = ["snmp6", "sockstat6", "conntrack", "ipvs", "nfs", "nfsd"]
    for kind in SourceCatalogue.network {
      let status = try #require(sampler.statuses.first { $0.name == kind.name })
      #expect(
        status.availability.word == (missing.contains(kind.name) ? "unsupported" : "ok"), "\(kind.name)")
    }
    for part in ["node_netstat_Ip6", "node_sockstat_TCP6", "v6", "conntrack", "ipvs", "nfs"] {
      #expect(table.shown.keys.filter { $0.contains(part) } == [], "\(part)")
    }
  }
}
