import ProcFS
import Testing
import Wire

@testable import Sampling

/// A hierarchy of one's own, and the source that watches it.
private final class CgroupBench {
  let tree = TestTree(["sys/fs/cgroup/cgroup.controllers": "cpu io memory pids\n"])
  let clock = TestClock()
  var source: CgroupSource
  var table = SampleTable()
  private var buffer = ReadBuffer()
  private(set) var failure: KernelError?

  init(limit: Int = 200) {
    var filters = FilterSettings()
    filters.cgroupsLimit = limit
    table.registrant = 1
    source = CgroupSource(root: tree.root, filters: filters)
  }

  /// A cgroup that has used CPU for so many seconds and has so many bytes.
  func group(_ path: String, seconds: Int, bytes: Int? = nil) {
    tree.write("sys/fs/cgroup/\(path)/cpu.stat", "usage_usec \(seconds * 1_000_000)\n")
    if let bytes { tree.write("sys/fs/cgroup/\(path)/memory.current", "\(bytes)\n") }
  }

  func file(_ path: String, _ text: String) { tree.write("sys/fs/cgroup/" + path, text) }

  func end(_ path: String) {
    for file in ["cpu.stat", "memory.current"] { tree.remove("sys/fs/cgroup/\(path)/\(file)") }
    tree.remove("sys/fs/cgroup/" + path)
  }

  func compact() {
    table.compact()
    source.forgetSeries()
  }

  func pass(after seconds: Double = 0) {
    clock.advance(seconds: seconds)
    table.begin()
    failure = nil
    do { try source.sample(into: &table, reading: &buffer, at: clock.now) } catch { failure = error }
  }

  /// By cgroup: the values of a metric in the last pass.
  func shown(_ metric: String) -> [String: Double] {
    var result: [String: Double] = [:]
    for (id, series) in table.descriptors.enumerated() where table.present[id] && series.name == metric {
      result[series.labels.first?.value ?? ""] = series.value(ofRaw: table.values[id])
    }
    return result
  }

  var cpu: [String: Double] { shown("node_cgroup_cpu_usage_seconds_total") }
  var bytes: [String: Double] { shown("node_cgroup_memory_current_bytes") }
  var folded: [String: Double] { shown("muster_cgroups_folded").filter { $0.value > 0 } }
}

@Suite struct CgroupTests {
  private let id = String(repeating: "0123456789abcdef", count: 4)

  @Test func whatIsThereAtFirstHasSeriesAtOnce() {
    let bench = CgroupBench()
    bench.group("system.slice", seconds: 9)
    bench.group("system.slice/ssh.service", seconds: 4, bytes: 4096)
    bench.group("system.slice/docker-\(id).scope", seconds: 5)
    bench.group("system.slice/docker-\(id).scope/inner.service", seconds: 5)
    bench.group("system.slice/a.slice/b.slice", seconds: 1)
    bench.group("system.slice/boot.mount", seconds: 1)
    bench.pass()
    #expect(
      bench.cpu == [
        "/system.slice": 9, "/system.slice/ssh.service": 4, "/system.slice/docker-0123456789ab.scope": 5,
      ])
    #expect(bench.bytes == ["/system.slice/ssh.service": 4096])
    #expect(bench.shown("muster_cgroups") == ["": 4])
    #expect(bench.folded == [:])
  }

  @Test func aNewOneLivesAmongTheOthersFirst() {
    let bench = CgroupBench()
    bench.group("a.service", seconds: 1)
    bench.pass()
    bench.group("new.service", seconds: 3, bytes: 100)
    bench.pass(after: 5)
    #expect(bench.cpu == ["/a.service": 1])
    bench.pass(after: 5)
    #expect(bench.cpu == ["/a.service": 1, "(other)": 3])
    #expect(bench.bytes == ["(other)": 100])
    #expect(bench.folded == ["young": 1])
    bench.group("new.service", seconds: 7, bytes: 200)
    bench.pass(after: 20)
    #expect(bench.cpu == ["/a.service": 1, "(other)": 7])
    bench.pass(after: 10)
    // What it counted there stays there; levels go with it.
    #expect(bench.cpu == ["/a.service": 1, "(other)": 7, "/new.service": 7])
    #expect(bench.bytes == ["/new.service": 200])
    #expect(bench.folded == [:])
  }

  @Test func theOthersNeverStepBack() {
    let bench = CgroupBench()
    bench.group("a.service", seconds: 1)
    bench.pass()
    var before = 0.0
    for round in 1...20 {
      bench.group("job\(round).service", seconds: round)
      bench.group("job\(round).service", seconds: round, bytes: 10)
      bench.pass(after: 10)
      bench.end("job\(round).service")
      bench.pass(after: 10)
      let now = bench.cpu["(other)"] ?? 0
      #expect(now == before + Double(round))
      before = now
    }
    #expect(bench.bytes == [:])
    #expect(bench.table.descriptors.filter { $0.name == "node_cgroup_cpu_usage_seconds_total" }.count == 2)
  }

  @Test func namesThatComeAndGoShareARow() {
    let bench = CgroupBench()
    bench.group("user.slice/session-1.scope", seconds: 1, bytes: 10)
    bench.group("user.slice/session-2.scope", seconds: 2, bytes: 20)
    bench.pass()
    #expect(bench.cpu == ["/user.slice/session-*.scope": 3])
    #expect(bench.bytes == ["/user.slice/session-*.scope": 30])
    #expect(bench.folded == ["pattern": 2])
    bench.end("user.slice/session-1.scope")
    bench.group("user.slice/session-3.scope", seconds: 4, bytes: 40)
    bench.pass(after: 10)
    #expect(bench.cpu == ["/user.slice/session-*.scope": 7])
    #expect(bench.bytes == ["/user.slice/session-*.scope": 60])
  }

  @Test func beyondTheLimitTheIdlestAreSummed() {
    let bench = CgroupBench(limit: 2)
    for (name, seconds) in [("a", 5), ("b", 50), ("c", 7), ("d", 6)] {
      bench.group("\(name).service", seconds: seconds)
    }
    bench.pass()
    #expect(bench.cpu == ["/b.service": 50, "/c.service": 7, "(other)": 11])
    #expect(bench.folded == ["limit": 2])
    bench.group("a.service", seconds: 9)
    bench.pass(after: 5)
    // One ends, and there is room for the busiest of the others.
    bench.end("b.service")
    bench.pass(after: 5)
    #expect(bench.cpu == ["/c.service": 7, "/a.service": 9, "(other)": 15])
    #expect(bench.folded == ["limit": 1])
  }

  @Test func rowsAreBounded() {
    let bench = CgroupBench(limit: 2)
    bench.pass()
    for round in 0..<6 {
      bench.group("job\(round).service", seconds: 1)
      for _ in 0..<5 { bench.pass(after: 10) }
      if round < 5 { bench.end("job\(round).service") }
    }
    let rows = bench.table.descriptors.filter { $0.name == "node_cgroup_cpu_usage_seconds_total" }
    #expect(rows.count == 2 * CgroupRoster.rowsPerLimit + 1)
    #expect(bench.folded == ["rows": 1])
    #expect(bench.cpu["(other)"] == 6)
  }

  @Test func aUnitThatIsStartedAgainGoesOnWithItsSeries() {
    let bench = CgroupBench()
    bench.group("web.service", seconds: 100)
    bench.pass()
    bench.end("web.service")
    bench.pass(after: 5)
    #expect(bench.cpu == [:])
    bench.pass(after: 5)
    bench.group("web.service", seconds: 2)
    bench.pass(after: 10)
    #expect(bench.cpu == ["/web.service": 2])
    #expect(bench.folded == [:])
  }

  @Test func whatLiesInOneThatIsSummedIsNotAddedTwice() {
    let bench = CgroupBench(limit: 1)
    bench.group("big.service", seconds: 1000)
    let pod = "kubepods/pod01234567890123456789012345678901"
    bench.group("kubepods", seconds: 11)
    bench.group(pod, seconds: 10)
    bench.group("\(pod)/\(id)", seconds: 8)
    bench.pass()
    #expect(bench.cpu == ["/big.service": 1000, "(other)": 11])
    // The outermost gets series; what is in it is counted with the others from then on.
    bench.end("big.service")
    bench.pass(after: 10)
    #expect(bench.cpu == ["/kubepods": 11, "(other)": 11])
    bench.group(pod, seconds: 12)
    bench.group("\(pod)/\(id)", seconds: 9)
    bench.pass(after: 5)
    #expect(bench.cpu == ["/kubepods": 11, "(other)": 13])
  }

  @Test func aDeviceThatGoesTakesNothingAway() {
    let bench = CgroupBench()
    bench.group("a.service", seconds: 1)
    func read() -> Double? {
      bench.pass(after: 5)
      return bench.shown("node_cgroup_io_read_bytes_total")["/a.service"]
    }
    bench.file("a.service/io.stat", "8:0 rbytes=1000\n8:16 rbytes=500\n7:0 rbytes=99\n")
    #expect(read() == 1500)
    bench.file("a.service/io.stat", "8:0 rbytes=1000\n")
    #expect(read() == 1500)
    bench.file("a.service/io.stat", "8:0 rbytes=1010\n")
    #expect(read() == 1510)
    bench.tree.remove("sys/fs/cgroup/a.service/io.stat")
    #expect(read() == nil)
  }

  @Test func devicesOnOthersDoNotCount() {
    let bench = CgroupBench()
    bench.tree.write("sys/dev/block/253:0/slaves/sda/size", "1\n")
    bench.tree.folder("sys/dev/block/8:0/slaves")
    bench.group("a.service", seconds: 1)
    bench.file("a.service/io.stat", "253:0 rbytes=1000\n8:0 rbytes=999\n7:3 rbytes=5\n")
    bench.pass()
    #expect(bench.shown("node_cgroup_io_read_bytes_total") == ["/a.service": 999])
  }

  @Test func limitsAreShownWhereThereAreSome() {
    let bench = CgroupBench()
    for (name, cpus, bytes) in [("a", "max 100000", "max"), ("b", "25000 100000", "4096")] {
      bench.file("\(name).service/cpu.stat", "usage_usec 1\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n")
      bench.file("\(name).service/cpu.max", cpus + "\n")
      bench.file("\(name).service/memory.max", bytes + "\n")
    }
    bench.pass()
    #expect(bench.shown("node_cgroup_cpu_limit_cores") == ["/b.service": 0.25])
    #expect(bench.shown("node_cgroup_memory_max_bytes") == ["/b.service": 4096])
    #expect(bench.shown("node_cgroup_cpu_throttled_seconds_total") == ["/b.service": 0])
  }

  @Test func onlyVersion1IsUnsupportedAndSaysSo() {
    let bench = CgroupBench()
    bench.tree.remove("sys/fs/cgroup/cgroup.controllers")
    bench.tree.folder("sys/fs/cgroup/memory")
    bench.pass()
    guard case .unsupported(let path, _) = bench.failure else {
      Issue.record("\(String(describing: bench.failure))")
      return
    }
    #expect(path.hasSuffix("(there are only hierarchies of cgroup version 1)"))
    bench.tree.write("sys/fs/cgroup/unified/cgroup.controllers", "")
    bench.pass()
    #expect(bench.failure == nil)
  }

  @Test func aFileThatIsNotUnderstoodCostsNothingElse() {
    let bench = CgroupBench()
    bench.group("a.service", seconds: 1, bytes: 10)
    bench.group("b.service", seconds: 2, bytes: 20)
    bench.file("a.service/memory.current", "many\n")
    bench.pass()
    #expect(bench.cpu == ["/a.service": 1, "/b.service": 2])
    #expect(bench.bytes == ["/b.service": 20])
    #expect(bench.table.shown["muster_cgroups_failed"] == 1)
  }

  @Test func theFilterLeavesOutWithoutSumming() {
    let bench = CgroupBench()
    bench.group("a.service", seconds: 1)
    bench.group("b.service", seconds: 2)
    bench.pass()
    var filters = FilterSettings()
    filters.cgroups.exclude = [GlobPattern("/a*")]
    bench.source.refilter(filters)
    bench.pass(after: 5)
    #expect(bench.cpu == ["/b.service": 2])
  }

  @Test func aNewTableHasTheSameSums() {
    let bench = CgroupBench(limit: 1)
    bench.group("a.service", seconds: 5)
    bench.group("b.service", seconds: 3)
    bench.group("session-1.scope", seconds: 2)
    bench.pass()
    let before = bench.cpu
    bench.table.removeAll()
    bench.source.forgetSeries()
    bench.pass(after: 1)
    #expect(bench.cpu == before)
    #expect(before == ["/a.service": 5, "(other)": 3, "/session-*.scope": 2])
  }

  @Test func whatHasSeriesKeepsThemWhenTheTableIsCompacted() {
    let bench = CgroupBench(limit: 2)
    for (name, seconds) in [("a", 5), ("b", 3), ("c", 9)] { bench.group("\(name).service", seconds: seconds) }
    bench.group("session-1.scope", seconds: 2)
    bench.pass()
    #expect(bench.cpu == ["/a.service": 5, "/c.service": 9, "(other)": 3, "/session-*.scope": 2])
    // One that now uses more is no reason to take another's series away.
    bench.group("b.service", seconds: 100)
    bench.pass(after: 1)
    let before = bench.cpu
    bench.compact()
    bench.pass(after: 1)
    #expect(bench.cpu == before)
    bench.pass(after: 10)
    #expect(bench.cpu == before)
  }

  @Test func endlessNewOnesHaveSeriesOfTheirOwn() {
    let bench = CgroupBench(limit: 3)
    bench.group("lasting.service", seconds: 1)
    bench.pass()
    var compactions = 0
    for round in 1...40 {
      bench.group("lasting.service", seconds: 1 + round)
      bench.group("job\(round).service", seconds: round)
      bench.pass(after: 10)
      for _ in 0..<4 { bench.pass(after: 10) }
      // Rows are wanting only until it is compacted, and never while there is room.
      if bench.source.lacksRows {
        #expect(bench.folded == ["rows": 1])
        bench.compact()
        compactions += 1
        bench.pass(after: 10)
      }
      #expect(bench.cpu["/job\(round).service"] == Double(round))
      #expect(bench.cpu["/lasting.service"] == Double(1 + round))
      bench.end("job\(round).service")
      bench.pass(after: 10)
    }
    #expect(compactions > 3 && compactions < 15)
    #expect(bench.table.descriptors.filter { $0.name == "node_cgroup_cpu_usage_seconds_total" }.count < 9)
  }

  @Test func moreThatLiveThanTheLimitAreNoLackOfRows() {
    let bench = CgroupBench(limit: 2)
    for number in 0..<10 { bench.group("job\(number).service", seconds: number) }
    for _ in 0..<8 { bench.pass(after: 10) }
    #expect(bench.folded == ["limit": 8])
    #expect(!bench.source.lacksRows)
  }

  @Test func thePatternOfWhatComesAndGoesKeepsItsSums() {
    let bench = CgroupBench()
    bench.group("a.service", seconds: 1)
    bench.group("session-1.scope", seconds: 2)
    bench.pass()
    bench.end("session-1.scope")
    bench.pass(after: 10)
    bench.compact()
    bench.pass(after: 1)
    #expect(bench.cpu == ["/a.service": 1, "/session-*.scope": 2])
    bench.group("session-2.scope", seconds: 3)
    bench.pass(after: 10)
    #expect(bench.cpu == ["/a.service": 1, "/session-*.scope": 5])
    // One that has been away for two compactions is forgotten.
    bench.end("session-2.scope")
    bench.pass(after: 10)
    bench.compact()
    bench.pass(after: 1)
    bench.compact()
    bench.pass(after: 1)
    #expect(bench.cpu == ["/a.service": 1])
  }

  @Test func manyThatAreSummedTakeTurns() {
    let bench = CgroupBench(limit: 1)
    for number in 0..<150 { bench.group("job\(number).service", seconds: 1) }
    bench.pass()
    #expect(bench.cpu["(other)"] == 64)
    bench.pass(after: 5)
    bench.pass(after: 1)
    #expect(bench.cpu["(other)"] == 149)
  }
}
