import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct InterfaceGroupTests {
  @Test(
    arguments: [
      ("veth3a91c0e", "veth*"), ("vethwe-bridge", "veth*"), ("cali0123456789a", "cali*"),
      ("lxc0a1b2c", "lxc*"),
      ("lxc_health", "lxc*"), ("eni5f2c0b", "eni*"), ("azv12ab", "azv*"), ("gke0a1b", "gke*"),
      ("lxcbr0", nil), ("veth", nil), ("eth0", nil), ("eno1", nil), ("ens5", nil), ("tap0", nil),
      ("vnet3", nil),
      ("docker0", nil), ("cni0", nil), ("flannel.1", nil), ("br-5f1a", nil), ("Veth0", nil), ("", nil),
    ] as [(String, String?)])
  func names(_ name: String, _ pattern: String?) {
    #expect(name.bytes { InterfaceGroup($0)?.pattern } == pattern)
    #expect(FilterSettings().networkInterfaces.keeps(name) == (pattern == nil))
    #expect(name.bytes { FilterSettings().networkInterfaces.group(of: $0)?.pattern } == pattern)
  }

  @Test func listsTakeThePlaceOfGroups() {
    var filter = FilterSettings().networkInterfaces
    filter.include = [GlobPattern("*")]
    #expect("veth0".bytes { filter.group(of: $0) } == nil)
    #expect(filter.keeps("veth0"))
    filter = NameFilter(.networkInterfaces, exclude: [GlobPattern("lo")])
    #expect("veth0".bytes { filter.group(of: $0) } == nil)
    #expect(filter.keeps("veth0"))
    #expect(!filter.keeps("lo"))
  }
}

@Suite struct InterfaceGroupSumsTests {
  private static let received = #"node_network_receive_bytes_total{device="veth*"}"#
  private static let folded = #"node_network_folded_devices{device="veth*"}"#

  /// Passes, each with what interfaces have counted by their numbers; what is shown after each.
  private func run(
    _ passes: [[(InterfaceGroupSums.Identity, Int64)]]
  ) -> [(sum: Double?, members: Double?)] {
    var sums = InterfaceGroupSums()
    var table = SampleTable()
    return passes.map { members in
      table.begin()
      for (identity, value) in members { sums.add(identity, to: .veth, InterfaceValues(repeating: value)) }
      sums.show(columns: 17, in: &table)
      return (table.shown[Self.received], table.shown[Self.folded])
    }
  }

  @Test func interfacesComeAndGo() {
    let shown = run([
      [], [(.index(5), 100), (.index(6), 10)], [(.index(5), 150), (.index(6), 10)], [(.index(6), 25)], [],
      [(.index(7), 3)], [(.index(7), 3), (.index(6), 25)],
    ])
    #expect(shown.map(\.sum) == [nil, 110, 160, 175, 175, 178, 203])
    #expect(shown.map(\.members) == [nil, 2, 2, 1, 0, 1, 2])
  }

  @Test func oneThatStartsAnewCountsOn() {
    let shown = run([[(.name("veth1"), 100)], [(.name("veth1"), 7)], [(.name("veth1"), 9)]])
    #expect(shown.map(\.sum) == [100, 107, 109])
  }

  @Test func oneThatIsToldTwiceIsOne() {
    let shown = run([[(.index(5), 100), (.index(5), 101)], [(.index(5), 102)]])
    #expect(shown.map(\.sum) == [101, 102])
    #expect(shown.map(\.members) == [1, 1])
  }

  @Test func aSumOutlivesTheTable() {
    var sums = InterfaceGroupSums()
    var table = SampleTable()
    sums.add(.index(1), to: .veth, InterfaceValues(repeating: 5))
    sums.show(columns: 16, in: &table)
    #expect(table.count == 17)
    table.removeAll()
    sums.forgetSeries()
    sums.add(.index(2), to: .veth, InterfaceValues(repeating: 5))
    sums.show(columns: 16, in: &table)
    #expect(table.shown[Self.received] == 10)
  }

  @Test func aTableThatIsFullRefusesAllOfASum() {
    var sums = InterfaceGroupSums()
    var table = SampleTable(maximumSeries: 10)
    for _ in 0..<3 {
      sums.add(.index(1), to: .veth, InterfaceValues(repeating: 5))
      sums.show(columns: 16, in: &table)
    }
    #expect(table.count == 0)
    #expect(table.refused == 16)
  }
}

@Suite struct NetDevSourceTests {
  private func text(_ interfaces: [(String, Int)]) -> String {
    "one\ntwo\n"
      + interfaces.map { name, value in
        "\(name): " + Array(repeating: "\(value)", count: 16).joined(separator: " ") + "\n"
      }.joined()
  }

  private func received(_ table: borrowing SampleTable) -> [String: Double] {
    let prefix = "node_network_receive_bytes_total{device=\""
    return Dictionary(
      uniqueKeysWithValues: table.shown.of(prefix).map {
        (String($0.key.dropFirst(prefix.count).dropLast(2)), $0.value)
      })
  }

  @Test func theInterfacesOfContainersAreSummedUntilListsSayWhatToShow() {
    let tree = TestTree()
    let sampler = Sampler(root: tree.root, calls: SamplingFixture.calls) { 0 }
    var table = SampleTable()
    var settings = SamplingSettings()
    func shown(_ interfaces: [(String, Int)]) -> [String: Double] {
      tree.write("proc/net/dev", text(interfaces))
      sampler.sample(into: &table)
      return received(table)
    }
    #expect(shown([("eth0", 1), ("veth1", 10), ("veth2", 20)]) == ["eth0": 1, "veth*": 30])
    #expect(shown([("eth0", 2), ("veth2", 25), ("cali1", 4)]) == ["eth0": 2, "veth*": 35, "cali*": 4])
    #expect(table.shown[#"node_network_folded_devices{device="veth*"}"#] == 1)
    settings.filters.networkInterfaces.include = [GlobPattern("*")]
    sampler.apply(settings, to: &table)
    #expect(shown([("eth0", 2), ("veth2", 26)]) == ["eth0": 2, "veth2": 26])
    #expect(table.shown.of("node_network_folded").isEmpty)
    settings.filters.networkInterfaces.include = nil
    sampler.apply(settings, to: &table)
    #expect(shown([("eth0", 3), ("veth2", 27)]) == ["eth0": 3, "veth*": 27])
  }

  @Test func theFileHasNoNumberOfPacketsThatNobodyWanted() {
    let tree = TestTree(["proc/net/dev": text([("eth0", 1), ("veth1", 10)])])
    let sampler = Sampler(root: tree.root, calls: SamplingFixture.calls) { 0 }
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(table.shown.of("node_network_").count == 16 + 16 + 1)
    #expect(!table.descriptors.contains { $0.name.contains("nohandler") })
  }

  @Test func theRunningKernelTellsOfItsLoopback() throws {
    var source = NetDevSource(root: ProcRoot(), interfaces: FilterSettings().networkInterfaces)
    var table = SampleTable()
    var buffer = ReadBuffer()
    for _ in 0..<2 {
      table.begin()
      try source.sample(into: &table, reading: &buffer, at: 0)
    }
    let shown = table.shown.filter { $0.key.hasSuffix(#"{device="lo"}"#) }
    // With or without netlink.
    #expect(shown.count == 16 || shown.count == 17)
  }
}
