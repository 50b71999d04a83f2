import ProcFS
import Testing
import Wire

@testable import Sampling

/// Settings that change while sampling goes on.
@Suite struct SamplingSettingsTests {
  private let clock = TestClock()
  private let tree = TestTree([
    "proc/loadavg": "1.00 2.00 3.00 1/2 3\n", "proc/uptime": "5.00 1.00\n",
    "proc/vmstat": "nr_free_pages 5\npgfault 8\noom_kill 1\n",
    "proc/net/dev": "a\nb\n  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
      + "  veth1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
  ])

  private func sampler() -> Sampler {
    Sampler(root: ProcRoot(path: tree.path), calls: SamplingFixture.calls) { [clock] in clock.now }
  }

  private func interfaces(_ shown: [String: Double]) -> [String] {
    shown.of("node_network_receive_bytes_total").keys.sorted()
  }

  @Test func aSourceThatIsOffIsAbsentAndComesBackAsTheSame() {
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    let all = table.shown
    let count = table.count
    sampler.apply(
      SamplingSettings(sources: ["loadavg": SourceSettings(isEnabled: false)]), to: &table)
    sampler.sample(into: &table)
    #expect(table.shown.of("node_load").isEmpty)
    #expect(table.shown[#"muster_collector_source_up{source="loadavg"}"#] == nil)
    #expect(table.shown["muster_host_uptime_seconds"] == 5)
    #expect(sampler.statuses.first { $0.name == "loadavg" }?.isEnabled == false)
    sampler.apply(SamplingSettings(), to: &table)
    sampler.sample(into: &table)
    #expect(Set(table.shown.keys) == Set(all.keys))
    #expect(table.count == count)
  }

  @Test func aSourceWithAnIntervalKeepsItsValuesInBetween() {
    let sampler = sampler()
    var table = SampleTable()
    sampler.apply(SamplingSettings(sources: ["loadavg": SourceSettings(interval: .seconds(15))]), to: &table)
    var loads: [Double?] = []
    var uptimes: [Double?] = []
    for second in stride(from: 40 as Int64, through: 80, by: 5) {
      tree.write("proc/loadavg", "\(second).00 2.00 3.00 1/2 3\n")
      tree.write("proc/uptime", "\(second).00 1.00\n")
      sampler.sample(into: &table, atWall: second * 1_000_000)
      loads.append(table.shown["node_load1"])
      uptimes.append(table.shown["muster_host_uptime_seconds"])
    }
    // Read at once, and then on the multiples: 45, 60, 75.
    #expect(loads == [40, 45, 45, 45, 60, 60, 60, 75, 75])
    #expect(uptimes == [40, 45, 50, 55, 60, 65, 70, 75, 80])
  }

  @Test func whatFailedStaysAbsentUntilItIsReadAgain() {
    let sampler = sampler()
    var table = SampleTable()
    sampler.apply(SamplingSettings(sources: ["loadavg": SourceSettings(interval: .seconds(10))]), to: &table)
    tree.write("proc/loadavg", "broken\n")
    sampler.sample(into: &table, atWall: 10_000_000)
    tree.write("proc/loadavg", "1.00 2.00 3.00 1/2 3\n")
    sampler.sample(into: &table, atWall: 15_000_000)
    #expect(table.shown["node_load1"] == nil)
    #expect(table.shown[#"muster_collector_source_up{source="loadavg"}"#] == 0)
    sampler.sample(into: &table, atWall: 20_000_000)
    #expect(table.shown["node_load1"] == 1)
  }

  @Test func anotherFilterConcernsItsSourceAloneAndNoSeriesComesTwice() {
    let sampler = sampler()
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(interfaces(table.shown).count == 2)
    #expect(table.shown.of("node_vmstat").count == 2)
    var settings = SamplingSettings()
    settings.filters.networkInterfaces.exclude = [GlobPattern("veth*")]
    sampler.apply(settings, to: &table)
    sampler.sample(into: &table)
    #expect(interfaces(table.shown) == [#"node_network_receive_bytes_total{device="eth0"}"#])
    #expect(table.shown.of("node_vmstat").count == 2)
    settings.filters.vmstatFields.include = [GlobPattern("nr_*")]
    sampler.apply(settings, to: &table)
    sampler.sample(into: &table)
    #expect(table.shown.of("node_vmstat") == ["node_vmstat_nr_free_pages": 5])
    // Back and forth: what was there before has the id it had.
    sampler.apply(SamplingSettings(), to: &table)
    sampler.sample(into: &table)
    let count = table.count
    for _ in 0..<3 {
      sampler.apply(settings, to: &table)
      sampler.sample(into: &table)
      sampler.apply(SamplingSettings(), to: &table)
      sampler.sample(into: &table)
    }
    #expect(interfaces(table.shown).count == 2)
    #expect(table.count == count)
    #expect(Set(table.descriptors).count == table.count)
  }

  @Test(arguments: SamplingFixture.machines)
  func everyFilterCanChangeOnEveryMachine(_ machine: String) {
    let sampler = Sampler(
      root: ProcRoot(path: SamplingFixture.path(machine)), calls: SamplingFixture.calls
    ) { [clock] in clock.now }
    var table = SampleTable()
    func pass() {
      sampler.sample(into: &table)
      sampler.await(nanoseconds: 10_000_000_000)
      sampler.sample(into: &table)
    }
    pass()
    let before = Set(table.shown.keys)
    let count = table.count
    var nothing = FilterSettings()
    nothing.diskDevices.include = []
    nothing.mountPoints.include = []
    nothing.networkInterfaces.include = []
    nothing.vmstatFields.include = []
    sampler.apply(SamplingSettings(filters: nothing), to: &table)
    pass()
    for prefix in ["node_disk_", "node_filesystem_", "node_network_", "node_vmstat_"] {
      #expect(table.shown.of(prefix).isEmpty)
    }
    sampler.apply(SamplingSettings(), to: &table)
    pass()
    #expect(Set(table.shown.keys) == before)
    #expect(table.count == count)
    #expect(Set(table.descriptors).count == table.count)
  }

  @Test func moreOftenThanASourceIsReadItsValuesStay() throws {
    let sampler = sampler()
    var table = SampleTable()
    let registered = table.register(SeriesDescriptor("own", kind: .gauge))
    let own = try #require(registered)
    tree.write("proc/stat", "cpu0 1 0 0 0\nctxt 1\n")
    for (tenths, load) in [(0, 1.0), (1, 1), (49, 1), (50, 2), (51, 2)] {
      tree.write("proc/loadavg", "\([0: 1, 50: 2][tenths] ?? 9).00 2.00 3.00 1/2 3\n")
      tree.write("proc/stat", "cpu0 1 0 0 0\nctxt \(tenths)\n")
      let isOwnersTurn = tenths % 50 == 0
      sampler.sample(into: &table, atWall: Int64(tenths) * 100_000, keepingOwners: !isOwnersTurn)
      // The owner's own series are absent when it is to set them, and as they were otherwise.
      #expect(table.shown["own"] == (isOwnersTurn ? nil : Double(tenths / 50)))
      if isOwnersTurn { table.set(own, Int64(tenths / 50)) }
      #expect(table.shown["node_context_switches_total"] == Double(tenths))
      #expect(table.shown["node_load1"] == load)
    }
  }

  @Test func registrantsKeepTheirSeriesWhenTheyAreAskedTo() throws {
    var table = SampleTable()
    table.registrant = 1
    let first = table.register(SeriesDescriptor("a", kind: .gauge))
    table.registrant = 2
    let second = table.register(SeriesDescriptor("b", kind: .gauge))
    table.set(try #require(first), 1)
    table.set(try #require(second), 2)
    table.begin(keeping: [false, false, true])
    #expect(table.shown == ["b": 2])
    table.begin(keeping: [false, true, false])
    #expect(table.shown == [:])
  }

  @Test func aSeriesThatIsRegisteredAgainGetsItsId() {
    var table = SampleTable()
    let pair = [SeriesDescriptor("a", kind: .counter), SeriesDescriptor("b", kind: .counter)]
    let labels = [Label("x", "1")]
    let first = table.register(pair, labels: labels)
    let again = table.register(pair, labels: labels)
    #expect(first == 0 && again == 0 && table.count == 2)
    let other = table.register(pair, labels: [Label("x", "2")])
    #expect(other == 2)
    table.removeAll()
    let fresh = table.register(pair, labels: labels)
    #expect(fresh == 0)
  }

  @Test func noSeriesIsThereTwice() {
    var table = SampleTable()
    let pair = [SeriesDescriptor("a", kind: .counter), SeriesDescriptor("b", kind: .counter)]
    table.registrant = 1
    let first = table.register(pair)
    // Another width, another kind, another source.
    let wider = table.register(pair + [SeriesDescriptor("c", kind: .counter)])
    let gauge = table.register([SeriesDescriptor("a", kind: .gauge)])
    table.registrant = 2
    let others = table.register(pair)
    #expect(first == 0 && wider == nil && gauge == nil && others == nil)
    #expect(table.count == 2 && table.refused == 6)
    // Nor behind one that is new.
    let mixed = table.register([SeriesDescriptor("d", kind: .counter)] + pair)
    #expect(mixed == nil && table.count == 2 && table.refused == 9)
  }
}
