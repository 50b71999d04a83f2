import GRPC
import Glibc
import ProcFS
import Testing
import Wire

@testable import Sampling

/// Processes of one's own, on a clock of which each look takes so many microseconds.
private final class ProcessBench {
  let tree = TestTree([
    "proc/loadavg": "0.36 0.77 12.46 1/96 10596\n", "proc/sys/kernel/threads-max": "127009\n",
    "proc/sys/kernel/pid_max": "32768\n",
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nweb:x:1001:1001::/:/bin/sh\n",
  ])
  let clock = TestClock()
  private(set) var source: ProcessesSource
  var table = SampleTable()
  private var buffer = ReadBuffer()
  private(set) var failure: KernelError?

  init(microsecondsPerLook: Double = 0, _ filters: FilterSettings = FilterSettings()) {
    source = ProcessesSource(root: tree.root, filters: filters) { [clock] in
      clock.advance(seconds: microsecondsPerLook / 1e6)
      return clock.now
    }
  }

  /// A process as the kernel would show it.
  func process(
    _ pid: Int, _ state: String = "S", name: String = "a) b", ticks: Int = 0, start: Int = 500,
    pages: Int = 1,
    flags: Int = 0
  ) {
    tree.write(
      "proc/\(pid)/stat",
      "\(pid) (\(name)) \(state) 1 1 1 0 -1 \(flags) 1 0 0 0 \(ticks) 0 0 0 20 0 2 0 \(start) 1000 \(pages) 0\n"
    )
  }

  func write(_ pid: Int, _ file: String, _ text: String) { tree.write("proc/\(pid)/\(file)", text) }

  func io(_ pid: Int, read: Int, written: Int) {
    write(pid, "io", "rchar: 1\nread_bytes: \(read)\nwrite_bytes: \(written)\n")
  }

  func change(_ filters: FilterSettings) { source.refilter(filters) }

  @discardableResult
  func pass(after seconds: Double) -> [String: Double] {
    clock.advance(seconds: seconds)
    table.begin()
    failure = nil
    do { try source.sample(into: &table, reading: &buffer, at: clock.now) } catch { failure = error }
    return table.shown
  }

  /// The list that the last pass made, by a wall clock that says 1000 s, 100 s after boot.
  var list: ProcessList? {
    let now = Moment(instant: Instant(nanoseconds: 100_000_000_000), wallMicroseconds: 1_000_000_000)
    return source.table?.list(at: now, clock: clock.now)
  }
}

@Suite struct ProcessesTests {
  @Test func statesAreCounted() {
    let bench = ProcessBench()
    for (pid, state) in [(1, "S"), (2, "S"), (40, "R"), (50, "D")] { bench.process(pid, state) }
    let shown = bench.pass(after: 0)
    #expect(
      shown == [
        "node_processes_threads": 96, "node_processes_max_threads": 127_009,
        "node_processes_max_processes": 32_768, "node_processes_pids": 4, "muster_processes_walk_seconds": 0,
        #"node_processes_state{state="S"}"#: 2, #"node_processes_state{state="R"}"#: 1,
        #"node_processes_state{state="D"}"#: 1,
      ])
    bench.process(50, "S")
    let later = bench.pass(after: 10)
    #expect(later[#"node_processes_state{state="D"}"#] == 0)
    #expect(later[#"node_processes_state{state="S"}"#] == 3)
  }

  @Test func howeverOftenItIsAskedItTakesHalfAPercentAtMost() {
    let bench = ProcessBench(microsecondsPerLook: 1000)
    for pid in 1...100 { bench.process(pid) }
    let took = bench.pass(after: 1)["muster_processes_walk_seconds"] ?? 0
    #expect(took > 0.005)
    bench.process(1, "D")
    var passes = 0
    while bench.pass(after: took * 10)[#"node_processes_state{state="D"}"#] == nil, passes < 100 {
      passes += 1
    }
    // Each pass looks at the clock itself, too.
    #expect(passes >= 15 && passes <= 20)
  }

  @Test func whoEndsIsNotCounted() {
    let bench = ProcessBench()
    bench.process(1)
    bench.tree.folder("proc/77")
    #expect(bench.pass(after: 0)["node_processes_pids"] == 1)
  }

  @Test func hiddenProcessesAreNotAWrongNumber() {
    let bench = ProcessBench()
    bench.process(4711)
    #expect(bench.pass(after: 0).isEmpty)
    #expect(bench.failure == .denied(path: "/proc/1 (processes of others are hidden)", errno: EPERM))
    bench.process(1)
    #expect(bench.pass(after: 10)["node_processes_pids"] == 2)
    #expect(bench.failure == nil)
  }

  @Test(arguments: ["", "1 a S 1\n", "1 (a\n", "1 (a) \n", "1 (a) S 1 2 3\n"])
  func aTextThatIsNotUnderstoodIsAFailure(_ text: String) {
    let bench = ProcessBench()
    bench.process(1)
    #expect(bench.pass(after: 0).count > 0)
    bench.tree.write("proc/2/stat", text)
    #expect(bench.pass(after: 10).isEmpty)
    guard case .malformed = bench.failure else {
      Issue.record("\(String(describing: bench.failure))")
      return
    }
  }
}

@Suite struct ProcessTableTests {
  private func filters(_ count: Int, _ grouping: ProcessGrouping = .none) -> FilterSettings {
    var filters = FilterSettings()
    filters.topProcesses = count
    filters.processGrouping = grouping
    return filters
  }

  @Test func thoseThatUseMostOfAnythingAreListed() throws {
    let bench = ProcessBench(filters(1))
    bench.process(1, pages: 7)
    bench.process(20, name: "busy", ticks: 100)
    bench.process(30, name: "large", pages: 5000)
    bench.process(40, name: "writer", ticks: 10)
    bench.io(40, read: 0, written: 100)
    bench.process(50, name: "idle")
    bench.pass(after: 0)
    #expect(bench.list == nil, "there is nothing to compare with")
    bench.process(20, name: "busy", ticks: 1100)
    bench.process(40, name: "writer", ticks: 11)
    bench.io(40, read: 5000, written: 100)
    bench.write(20, "cmdline", "busy\0--password=x\0")
    bench.write(20, "status", "Name:\tbusy\nUid:\t1001\t1001\t1001\t1001\n")
    bench.write(20, "cgroup", "0::/system.slice/busy.service\n")
    bench.pass(after: 10)
    let list = try #require(bench.list)
    #expect(list.total == 5 && list.examined == 5 && list.windowMilliseconds == 10_000 && list.top == 1)
    #expect(list.processes.map(\.name) == ["busy", "large", "writer"])
    let busy = list.processes[0]
    #expect(busy.cpuRatio == 1 && busy.commandLine == "busy --password=***" && busy.user == "web")
    #expect(busy.unit == "busy.service" && busy.threads == 2 && busy.state == "S")
    #expect(list.processes[2].readBytesPerSecond == 500 && list.processes[2].writtenBytesPerSecond == 0)
    // 5 s after a boot that was 100 s before now.
    #expect(busy.startedMicroseconds == 905_000_000)
    #expect(list.timeMicroseconds == 1_000_000_000)
    #expect(list.groups.isEmpty && list.grouping == .none)
  }

  @Test func whatIsKnownOfAProcessIsNotReadAgainUntilItRunsAnother() throws {
    let bench = ProcessBench(filters(5))
    bench.process(1, name: "sh", ticks: 1)
    bench.write(1, "cmdline", "sh\0")
    bench.pass(after: 0)
    bench.process(1, name: "sh", ticks: 2)
    bench.pass(after: 1)
    #expect(bench.list?.processes.map(\.commandLine) == ["sh"])
    bench.write(1, "cmdline", "changed\0")
    bench.process(1, name: "sh", ticks: 3)
    bench.pass(after: 1)
    #expect(bench.list?.processes.map(\.commandLine) == ["sh"])
    bench.process(1, name: "make", ticks: 4)
    bench.pass(after: 1)
    #expect(bench.list?.processes.map(\.commandLine) == ["changed"])
    #expect(bench.source.table?.number == 3)
  }

  @Test func whoDidNotRunIsNotAskedForItsIO() throws {
    let bench = ProcessBench(filters(5))
    bench.process(1, ticks: 1)
    bench.io(1, read: 100, written: 0)
    bench.pass(after: 0)
    bench.io(1, read: 900, written: 0)
    bench.pass(after: 1)
    #expect(bench.list?.processes.first?.readBytesPerSecond == 0)
    bench.process(1, ticks: 2)
    bench.pass(after: 1)
    #expect(bench.list?.processes.first?.readBytesPerSecond == 800)
  }

  @Test func whoseIOMayNotBeReadHasNone() throws {
    let bench = ProcessBench(filters(5))
    bench.process(1, ticks: 1)
    bench.pass(after: 0)
    bench.process(1, ticks: 9)
    bench.pass(after: 1)
    #expect(bench.list?.processes.first?.readBytesPerSecond.isNaN == true)
  }

  @Test func anIDThatIsUsedAgainIsAnotherProcess() {
    let bench = ProcessBench(filters(5))
    bench.process(1)
    bench.process(2, ticks: 1000, start: 10)
    bench.pass(after: 0)
    bench.process(2, ticks: 20, start: 600)
    bench.pass(after: 10)
    #expect(bench.list?.processes.first?.cpuRatio == 0.02)
  }

  @Test func groupsByCommand() throws {
    let bench = ProcessBench(filters(2, .command))
    bench.process(1, name: "init", pages: 100)
    for pid in 2...4 { bench.process(pid, name: "kworker/\(pid)", pages: 0, flags: 0x0020_8040) }
    for pid in 10...14 { bench.process(pid, name: "php-fpm", ticks: 100, pages: 10) }
    bench.pass(after: 0)
    for pid in 10...14 { bench.process(pid, name: "php-fpm", ticks: 100 + 10 * (pid - 9), pages: 10) }
    bench.process(2, name: "kworker/2", ticks: 50, pages: 0, flags: 0x0020_8040)
    bench.io(13, read: 0, written: 0)
    bench.pass(after: 1)
    let list = try #require(bench.list)
    #expect(list.grouping == .command && list.groupTotal == 3)
    #expect(list.groups.map(\.name) == ["php-fpm", "(kernel)", "init"])
    let php = list.groups[0]
    #expect(php.processes == 5 && php.threads == 10 && php.residentBytes == 50 * UInt64(getpagesize()))
    #expect(abs(php.cpuRatio - 1.5) < 1e-9 && php.readBytesPerSecond == 0)
    #expect(list.groups[1].processes == 3)
  }

  @Test func groupsByUnit() throws {
    let bench = ProcessBench(filters(3, .unit))
    bench.process(1, name: "init", ticks: 1)
    bench.write(1, "cgroup", "0::/init.scope\n")
    bench.process(2, name: "kthreadd", flags: 0x0020_8040)
    for pid in 10...12 {
      bench.process(pid, name: "p\(pid)", ticks: 1)
      bench.write(pid, "cgroup", "0::/user.slice/user-0.slice/session-\(pid).scope\n")
    }
    bench.process(20, ticks: 1)
    bench.pass(after: 0)
    for pid in 10...12 { bench.process(pid, name: "p\(pid)", ticks: 101) }
    // One that is moved is still counted where it was first seen.
    bench.write(10, "cgroup", "0::/system.slice/other.service\n")
    bench.process(30, ticks: 100)
    bench.write(30, "cgroup", "0::/system.slice/web.service/pool\n")
    bench.pass(after: 1)
    let list = try #require(bench.list)
    #expect(list.groups.first?.name == "session-*.scope" && list.groups.first?.cpuRatio == 3)
    #expect(list.groups.contains { $0.name == "web.service" && $0.cpuRatio == 1 })
    #expect(list.groupTotal == 5, "and init.scope, (kernel), (no unit)")
  }

  @Test func unitsThatComeAndGoAreForgotten() throws {
    let bench = ProcessBench(filters(1, .unit))
    bench.process(1)
    for pid in 2...3000 {
      bench.process(pid)
      bench.write(pid, "cgroup", "0::/system.slice/job\(pid).service\n")
    }
    bench.pass(after: 0)
    bench.pass(after: 1)
    #expect(bench.list?.groupTotal ?? 0 <= UInt32(ProcessGroups.maximumNames))
    for pid in 3...3000 { bench.tree.remove("proc/\(pid)/stat") }
    bench.process(2, ticks: 100)
    bench.pass(after: 1)
    bench.process(2, ticks: 200, pages: 2)
    bench.pass(after: 1)
    #expect(bench.list?.groups.map(\.name) == ["job2.service"])
    #expect(bench.list?.groupTotal == 2)
  }

  @Test func whatIsAskedForMayChange() {
    let bench = ProcessBench(filters(0))
    bench.process(1, ticks: 1)
    bench.pass(after: 0)
    #expect(bench.pass(after: 1)["node_processes_pids"] == 1 && bench.list == nil)
    bench.change(filters(5, .command))
    bench.pass(after: 1)
    bench.process(1, ticks: 2)
    bench.pass(after: 1)
    #expect(bench.list?.processes.count == 1 && bench.list?.groups.count == 1)
    bench.change(filters(5, .unit))
    bench.process(1, ticks: 3)
    bench.pass(after: 1)
    #expect(bench.list?.groups.map(\.name) == ["(no unit)"])
    bench.change(filters(0))
    #expect(bench.list == nil)
  }
}
