import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct NetClassTests {
  private let tree = TestTree()
  private let clock = TestClock()

  private func add(_ name: String, index: Int, _ others: [String: String] = [:]) {
    var files = [
      "address": "02:00:00:00:00:0\(index)", "broadcast": "ff:ff:ff:ff:ff:ff", "ifindex": "\(index)",
      "iflink": "\(index)", "flags": "0x1003", "operstate": "up", "ifalias": "", "mtu": "1500",
      "carrier": "1",
      "speed": "1000", "duplex": "full", "dev_id": "0x1f", "addr_assign_type": "3", "type": "1",
    ]
    files.merge(others) { $1 }
    for (file, text) in files { tree.write("sys/class/net/\(name)/\(file)", text + "\n") }
  }

  private func remove(_ name: String) throws {
    for file in try FolderNames.list("sys/class/net/\(name)", of: tree.root) {
      tree.remove("sys/class/net/\(name)/\(file)")
    }
    tree.remove("sys/class/net/\(name)")
  }

  private func sampler() -> Sampler {
    Sampler(root: tree.root, calls: SamplingFixture.calls) { [clock] in clock.now }
  }

  private func infos(_ table: borrowing SampleTable) -> [String] {
    table.shown.of("node_network_info").keys.sorted()
  }

  private func info(
    _ name: String, _ index: Int, duplex: String = "full", operstate: String = "up",
    adminstate: String = "up",
    alias: String = ""
  ) -> String {
    #"node_network_info{device="\#(name)",address="02:00:00:00:00:0\#(index)",broadcast="ff:ff:ff:ff:ff:ff","#
      + #"duplex="\#(duplex)",operstate="\#(operstate)",adminstate="\#(adminstate)",ifalias="\#(alias)"}"#
  }

  @Test func whatTheFilesSay() {
    add("eth0", index: 2)
    tree.write("sys/class/net/bonding_masters", "bond0\n")
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    let device = #"{device="eth0"}"#
    #expect(
      table.shown.of("node_network_") == [
        info("eth0", 2): 1, "node_network_up" + device: 1, "node_network_carrier" + device: 1,
        "node_network_iface_id" + device: 2, "node_network_iface_link" + device: 2,
        "node_network_flags" + device: 0x1003, "node_network_mtu_bytes" + device: 1500,
        "node_network_speed_bytes" + device: 125_000_000, "node_network_device_id" + device: 0x1f,
        "node_network_address_assign_type" + device: 3, "node_network_protocol_type" + device: 1,
      ])
    #expect(table.shown[#"muster_collector_source_up{source="netclass"}"#] == 1)
  }

  @Test func wordsChange() {
    add("eth0", index: 2)
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2)])
    tree.write("sys/class/net/eth0/operstate", "lowerlayerdown\n")
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2, operstate: "lowerlayerdown")])
    #expect(table.shown[#"node_network_up{device="eth0"}"#] == 0)
    tree.write("sys/class/net/eth0/ifalias", "uplink\n")
    tree.write("sys/class/net/eth0/flags", "0x1002\n")
    sampler.sample(into: &table)
    #expect(
      infos(table) == [info("eth0", 2, operstate: "lowerlayerdown", adminstate: "down", alias: "uplink")])
    tree.write("sys/class/net/eth0/ifalias", "\n")
    tree.write("sys/class/net/eth0/operstate", "up\n")
    tree.write("sys/class/net/eth0/flags", "0x1003\n")
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2)])
    // What is said again has the series it had.
    #expect(table.descriptors.filter { $0.name == "node_network_info" }.count == 3)
  }

  @Test func interfacesGoAreRenamedAndMadeAnew() throws {
    add("eth0", index: 2)
    add("eth1", index: 3)
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2), info("eth1", 3)])
    try remove("eth1")
    add("wan0", index: 3)
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2), info("wan0", 3)])
    #expect(table.shown.keys.filter { $0.contains(#"device="eth1""#) }.isEmpty)
    try remove("wan0")
    try remove("eth0")
    add("eth0", index: 5)
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 5)])
    #expect(table.shown[#"node_network_iface_id{device="eth0"}"#] == 5)
  }

  @Test func whatOnlyFilesTellIsReadAgainAfterAMinuteOrAChange() {
    add("eth0", index: 2)
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2)])
    tree.write("sys/class/net/eth0/duplex", "half\n")
    clock.advance(seconds: 59)
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2)])
    clock.advance(seconds: 1)
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2, duplex: "half")])
    tree.write("sys/class/net/eth0/duplex", "unknown\n")
    tree.write("sys/class/net/eth0/mtu", "9000\n")
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2, duplex: "unknown")])
  }

  @Test(arguments: ["-1", "", "fast"])
  func aSpeedThatIsNotKnownIsNotThere(_ speed: String) {
    add("eth0", index: 2, ["speed": speed, "operstate": "odd"])
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(table.shown.of("node_network_speed").isEmpty)
    #expect(infos(table) == [info("eth0", 2, operstate: "")])
  }

  @Test func theFilterChooses() {
    add("eth0", index: 2)
    add("veth1", index: 3)
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(infos(table) == [info("eth0", 2)])
    var settings = SamplingSettings()
    settings.filters.networkInterfaces.exclude = [GlobPattern("eth*")]
    sampler.apply(settings, to: &table)
    sampler.sample(into: &table)
    #expect(infos(table) == [info("veth1", 3)])
  }

  @Test func whereThereIsNoFolderItIsUnsupported() {
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(sampler.statuses.first { $0.name == "netclass" }?.availability.word == "unsupported")
  }
}
