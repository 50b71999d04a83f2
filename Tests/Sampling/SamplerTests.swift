import ProcFS
import Testing
import Wire

@testable import Sampling

@Suite struct SamplerTests {
  private let clock = TestClock()

  private func sampler(_ tree: TestTree, _ filters: FilterSettings = FilterSettings()) -> Sampler {
    Sampler(root: ProcRoot(path: tree.path), filters: filters, calls: SamplingFixture.calls) { [clock] in
      clock.now
    }
  }

  @Test func aCounterThatStepsBackALittleIsHeld() {
    let tree = TestTree()
    let sampler = sampler(tree)
    var table = SampleTable()
    for (idle, iowait, shownIdle, shownIowait) in [
      (1000, 50, 10.0, 0.5), (1010, 40, 10.1, 0.5), (1005, 60, 10.1, 0.6), (1011, 60, 10.11, 0.6),
      // Three seconds less idle: the CPU was away, and everything starts anew.
      (711, 1, 7.11, 0.01), (712, 0, 7.12, 0.01),
    ] {
      tree.write("proc/stat", "cpu0 1 2 3 \(idle) \(iowait) 0 0 0 0 0\n")
      sampler.sample(into: &table)
      #expect(table.shown[#"node_cpu_seconds_total{cpu="0",mode="idle"}"#] == shownIdle)
      #expect(table.shown[#"node_cpu_seconds_total{cpu="0",mode="iowait"}"#] == shownIowait)
    }
  }

  @Test func aCPUThatGoesIsAbsentAndComesBackAsTheSame() {
    let tree = TestTree()
    let sampler = sampler(tree)
    var table = SampleTable()
    let both = "cpu0 1 2 3 4 5 6 7 8 9 10\ncpu1 1 2 3 4 5 6 7 8 9 10\n"
    var counts: [Int] = []
    for text in [both, "cpu0 1 2 3 4 5 6 7 8 9 10\n", both] {
      tree.write("proc/stat", text)
      sampler.sample(into: &table)
      counts.append(table.shown.of("node_cpu_").count)
    }
    #expect(counts == [20, 10, 20])
    #expect(table.descriptors.filter { $0.name.hasPrefix("node_cpu_") }.count == 20)
  }

  @Test func theColumnsOfAnOldKernelAreAllThereIs() {
    let tree = TestTree(["proc/stat": "cpu0 1 2 3 4 5 6 7\nctxt 9\n"])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(table.shown.of("node_cpu_").count == 7)
    #expect(table.shown["node_context_switches_total"] == 9)
    #expect(table.shown["node_forks_total"] == nil)
  }

  @Test func devicesComeAndGo() {
    let tree = TestTree()
    let sampler = sampler(tree)
    var table = SampleTable()
    func line(_ name: String, _ value: Int) -> String {
      "8 0 \(name) " + Array(repeating: "\(value)", count: 11).joined(separator: " ") + "\n"
    }
    for (text, expected) in [
      (line("sda", 1) + line("sdb", 2) + line("sdb1", 9), ["sda": 1, "sdb": 2]),
      (line("sdb", 3) + line("loop0", 9), ["sdb": 3]), ("", [:]),
      (line("sdc", 5) + line("sdb", 4) + line("sda", 6), ["sda": 6, "sdb": 4, "sdc": 5]),
    ] as [(String, [String: Double])] {
      tree.write("proc/diskstats", text)
      sampler.sample(into: &table)
      let reads = table.shown.of("node_disk_reads_completed_total")
      #expect(
        reads
          == .init(
            uniqueKeysWithValues: expected.map {
              (#"node_disk_reads_completed_total{device="\#($0)"}"#, $1)
            }))
      #expect(table.shown.of("node_disk_info").count == expected.count)
    }
  }

  @Test func missingIsNeverZero() throws {
    let tree = TestTree(["proc/loadavg": "1.00 2.00 3.00 1/2 3\n", "proc/uptime": "5.00 1.00\n"])
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    // What is read in the background is not offered either; that is known now.
    sampler.await(nanoseconds: .max / 4)
    sampler.sample(into: &table)
    #expect(table.shown.of("node_load") == ["node_load1": 1, "node_load5": 2, "node_load15": 3])
    #expect(
      table.shown.of("muster_collector_source_up") == [
        #"muster_collector_source_up{source="loadavg"}"#: 1,
        #"muster_collector_source_up{source="uptime"}"#: 1,
        #"muster_collector_source_up{source="uname"}"#: 1,
      ])
    #expect(try status(sampler, "vmstat").availability.word == "unsupported")

    clock.advance(seconds: 5)
    tree.write("proc/loadavg", "1.00 2.00\n")
    sampler.sample(into: &table)
    #expect(table.shown.of("node_load").isEmpty)
    #expect(table.shown[#"muster_collector_source_up{source="loadavg"}"#] == 0)
    let failing = try status(sampler, "loadavg")
    #expect(
      failing.availability
        == .failing(
          .malformed(file: "proc/loadavg", line: 1, reason: "three averages are expected")))
    #expect(failing.sinceNanoseconds == clock.now)

    let changes = sampler.availabilityChanges
    clock.advance(seconds: 5)
    sampler.sample(into: &table)
    #expect(try status(sampler, "loadavg").sinceNanoseconds == clock.now - 5_000_000_000)
    #expect(sampler.availabilityChanges == changes)

    tree.write("proc/loadavg", "1.00 2.00 3.00\n")
    sampler.sample(into: &table)
    #expect(table.shown["node_load15"] == 3)
    #expect(sampler.availabilityChanges == changes + 1)
  }

  @Test func whatTheKernelDoesNotOfferIsTriedAgainLater() {
    let tree = TestTree()
    let sampler = sampler(tree)
    var table = SampleTable()
    sampler.sample(into: &table)
    tree.write("proc/pressure/cpu", "some total=1500000\nfull total=9\n")
    clock.advance(seconds: 59)
    sampler.sample(into: &table)
    #expect(table.shown.of("node_pressure").isEmpty)
    clock.advance(seconds: 1)
    sampler.sample(into: &table)
    #expect(table.shown.of("node_pressure") == ["node_pressure_cpu_waiting_seconds_total": 1.5])
  }

  @Test func memoryAndVmstat() {
    let tree = TestTree([
      "proc/meminfo": "MemTotal: 10 kB\nActive(anon): 3 kB\nHugePages_Total: 7\n",
      "proc/vmstat": "nr_free_pages 5\npgfault 8\noom_kill 1\n",
    ])
    var filters = FilterSettings()
    filters.vmstatFields.exclude = [GlobPattern("pg*")]
    let sampler = sampler(tree, filters)
    var table = SampleTable()
    sampler.sample(into: &table)
    #expect(
      table.shown.of("node_memory") == [
        "node_memory_MemTotal_bytes": 10240, "node_memory_Active_anon_bytes": 3072,
        "node_memory_HugePages_Total": 7,
      ])
    #expect(table.shown.of("node_vmstat") == ["node_vmstat_nr_free_pages": 5, "node_vmstat_oom_kill": 1])
    tree.write("proc/meminfo", "MemFree: 1 kB\nMemTotal: 11 kB\n")
    sampler.sample(into: &table)
    #expect(
      table.shown.of("node_memory") == [
        "node_memory_MemTotal_bytes": 11264, "node_memory_MemFree_bytes": 1024,
      ])
  }

  /// One that wraps at 32 bits, and one beyond what a signed number holds.
  @Test func aCounterIsShownAsTheKernelCounts() {
    let tree = TestTree()
    let sampler = sampler(tree)
    var table = SampleTable()
    for (bytes, shown) in [
      ("4294967290", 4_294_967_290), ("5", 5), ("18446744073709551615", 0x1p63), ("7", 7),
    ] {
      tree.write("proc/diskstats", "8 0 sda \(bytes) 0 0 0 0 0 0 0 0 0 0\n")
      sampler.sample(into: &table)
      #expect(table.shown[#"node_disk_reads_completed_total{device="sda"}"#] == shown)
    }
  }

  @Test(arguments: SamplingFixture.machines)
  func startingOverGivesTheSame(_ machine: String) {
    let sampler = Sampler(
      root: ProcRoot(path: SamplingFixture.path(machine)), calls: SamplingFixture.calls
    ) { [clock] in clock.now }
    var table = SampleTable()
    sampler.sample(into: &table)
    sampler.await(nanoseconds: 10_000_000_000)
    sampler.sample(into: &table)
    let before = table.shown
    #expect(Set(table.descriptors).count == table.count)
    table.removeAll()
    sampler.forgetSeries()
    sampler.sample(into: &table)
    sampler.await(nanoseconds: 10_000_000_000)
    sampler.sample(into: &table)
    #expect(table.shown.filter { before[$0.key] != $0.value } == [:])
    #expect(before.filter { table.shown[$0.key] != $0.value } == [:])
  }

  @Test func aFullTableCostsNothingButWhatIsRefused() {
    let path = SamplingFixture.path("linux-6.12-128-cpus")
    let sampler = Sampler(root: ProcRoot(path: path), calls: SamplingFixture.calls) { [clock] in clock.now }
    var table = SampleTable(maximumSeries: 100)
    sampler.sample(into: &table)
    let refused = table.refused
    #expect(table.count <= 100)
    #expect(refused > 1000)
    sampler.sample(into: &table)
    #expect(table.refused == refused)
  }

  private func status(_ sampler: Sampler, _ name: String) throws -> SourceStatus {
    try #require(sampler.statuses.first { $0.name == name })
  }
}
