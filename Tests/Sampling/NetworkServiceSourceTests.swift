import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct NetworkServiceSourceTests {
  private let clock = TestClock()

  private func sampler(_ tree: TestTree) -> Sampler {
    Sampler(root: tree.root, calls: SamplingFixture.calls) { [clock] in clock.now }
  }

  @Test func loadBalancer() {
    let headings = "IP Virtual Server version 1.2.1 (size=4096)\nProt\n  -> RemoteAddress:Port\n"
    let tree = TestTree([
      "proc/net/ip_vs_stats": "Total\nConns\n 1 2 3 4 FF\n",
      "proc/net/ip_vs": headings + """
        TCP  C0A80016:0CEA wlc
          -> C0A85216:0CEA      Tunnel  100    248        2
        TCP  [2001:0db8:0000:0000:0000:0000:0000:0016]:01BB sh
          -> [2001:0db8:0000:0000:0000:0000:0000:0015]:01BC      Route   1   17         3
        FWM  00001001 wlc
          -> C0A85216:0CEA      Route   20     64         4
        """,
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    func series(
      _ name: String, _ local: String, _ localPort: String, _ remote: String, _ port: String, _ proto: String,
      _ mark: String
    ) -> String {
      #"node_ipvs_backend_\#(name){local_address="\#(local)",local_port="\#(localPort)","#
        + #"remote_address="\#(remote)",remote_port="\#(port)",proto="\#(proto)",local_mark="\#(mark)"}"#
    }
    sampler.sample(into: &table)
    #expect(table.shown["node_ipvs_connections_total"] == 1)
    #expect(table.shown["node_ipvs_incoming_packets_total"] == 2)
    #expect(table.shown["node_ipvs_outgoing_packets_total"] == 3)
    #expect(table.shown["node_ipvs_incoming_bytes_total"] == 4)
    #expect(table.shown["node_ipvs_outgoing_bytes_total"] == 255)
    for (index, values) in [[248.0, 17, 64], [2, 3, 4], [100, 1, 20]].enumerated() {
      let name = ["connections_active", "connections_inactive", "weight"][index]
      #expect(
        table.shown.of("node_ipvs_backend_\(name)") == [
          series(name, "192.168.0.22", "3306", "192.168.82.22", "3306", "TCP", ""): values[0],
          series(name, "2001:db8::16", "443", "2001:db8::15", "444", "TCP", ""): values[1],
          series(name, "", "0", "192.168.82.22", "3306", "FWM", "00001001"): values[2],
        ])
    }

    tree.write("proc/net/ip_vs", headings + "FWM  00001001 wlc\n  -> C0A85216:0CEA Route 20 65 5\n")
    sampler.sample(into: &table)
    let active = series("connections_active", "", "0", "192.168.82.22", "3306", "FWM", "00001001")
    #expect(table.shown.of("node_ipvs_backend_connections_active") == [active: 65])
    #expect(table.descriptors.filter { $0.name.hasPrefix("node_ipvs_backend") }.count == 9)
  }

  @Test func nfsClient() {
    let tree = TestTree(["proc/net/rpc/nfs": "net 1 2 3 4\nrpc 5 6 7\nproc4 3 8 9 10\nnew 1 2\n"])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    let basics = [
      #"node_nfs_packets_total{protocol="udp"}"#: 2.0, #"node_nfs_packets_total{protocol="tcp"}"#: 3,
      "node_nfs_connections_total": 4, "node_nfs_rpcs_total": 5, "node_nfs_rpc_retransmissions_total": 6,
      "node_nfs_rpc_authentication_refreshes_total": 7,
    ]
    func request(_ proto: String, _ method: String) -> String {
      #"node_nfs_requests_total{proto="\#(proto)",method="\#(method)"}"#
    }
    // An old kernel knows fewer operations, and this one neither version 2 nor 3.
    let three = [request("4", "Null"): 8.0, request("4", "Read"): 9, request("4", "Write"): 10]
    #expect(table.shown.of("node_nfs_") == basics.merging(three) { $1 })

    // The module was replaced by one that knows more.
    tree.write("proc/net/rpc/nfs", "net 1 2 3 4\nrpc 5 6 7\nproc2 1 1\nproc4 4 8 9 10 11\n")
    sampler.sample(into: &table)
    let more = [request("4", "Commit"): 11.0, request("2", "Null"): 1]
    #expect(table.shown.of("node_nfs_") == basics.merging(three) { $1 }.merging(more) { $1 })
  }

  /// Operations of NFSv4 are known by the numbers that the protocol gives them.
  @Test func nfsServer() {
    let operations = (0...75).map { " \($0)" }.joined()
    let tree = TestTree([
      "proc/net/rpc/nfsd": """
      rc 1 2 3
      fh 4 0 0 0 0
      io 5 6
      th 7 0 0.000 0.000
      ra 8 0 0 0 0 0 0 0 0 0 0 9
      net 10 11 12 13
      rpc 14 15 16 17 18
      proc2 3 19 20 21
      proc3 3 22 23 24
      proc4 2 25 26
      proc4ops 76\(operations)
      wdeleg_getattr 27
      """
    ])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    let requests = table.shown.of("node_nfsd_requests_total")
    for (proto, method, expected) in [
      ("2", "GetAttr", 20.0), ("2", "SetAttr", 21), ("3", "GetAttr", 23), ("3", "SetAttr", 24),
      ("4", "Access", 3),
      ("4", "PutRootFH", 24), ("4", "SetClientID", 35), ("4", "Verify", 37), ("4", "Write", 38),
      ("4", "RelLockOwner", 39), ("4", "BindConnToSession", 41), ("4", "Sequence", 53),
      ("4", "ReclaimComplete", 58),
      ("4", "Allocate", 59), ("4", "Seek", 69), ("4", "Clone", 71), ("4", "RemoveXattr", 75),
      ("4", "WdelegGetattr", 27),
    ] {
      #expect(requests[#"node_nfsd_requests_total{proto="\#(proto)",method="\#(method)"}"#] == expected)
    }
    #expect(requests.count == 2 + 2 + 73 + 1)
    #expect(
      table.shown.of("node_nfsd_").filter { requests[$0.key] == nil } == [
        "node_nfsd_reply_cache_hits_total": 1, "node_nfsd_reply_cache_misses_total": 2,
        "node_nfsd_reply_cache_nocache_total": 3, "node_nfsd_file_handles_stale_total": 4,
        "node_nfsd_disk_bytes_read_total": 5, "node_nfsd_disk_bytes_written_total": 6,
        "node_nfsd_server_threads": 7, "node_nfsd_read_ahead_cache_size_blocks": 8,
        "node_nfsd_read_ahead_cache_not_found_total": 9, #"node_nfsd_packets_total{proto="udp"}"#: 11,
        #"node_nfsd_packets_total{proto="tcp"}"#: 12, "node_nfsd_connections_total": 13,
        "node_nfsd_server_rpcs_total": 14, #"node_nfsd_rpc_errors_total{error="fmt"}"#: 16,
        #"node_nfsd_rpc_errors_total{error="auth"}"#: 17, #"node_nfsd_rpc_errors_total{error="cInt"}"#: 18,
      ])
  }

  @Test(arguments: [("nfs", "proc4 2 1\n"), ("nfsd", "rc 1\nnet a\n")])
  func whatCannotBeUnderstoodIsAbsent(_ name: String, _ text: String) {
    let tree = TestTree(["proc/net/rpc/\(name)": text])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(table.shown.of("node_nfs").isEmpty)
    #expect(table.shown[#"muster_collector_source_up{source="\#(name)"}"#] == 0)
  }
}
