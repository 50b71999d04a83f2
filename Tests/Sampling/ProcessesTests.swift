import Glibc
import ProcFS
import Testing

@testable import Sampling

/// Processes of one's own, on a clock of which each look takes so many microseconds.
private final class ProcessBench {
  let tree = TestTree([
    "proc/loadavg": "0.36 0.77 12.46 1/96 10596\n", "proc/sys/kernel/threads-max": "127009\n",
    "proc/sys/kernel/pid_max": "32768\n",
  ])
  let clock = TestClock()
  private(set) var source: ProcessesSource
  var table = SampleTable()
  private var buffer = ReadBuffer()
  private(set) var failure: KernelError?

  init(microsecondsPerLook: Double = 0) {
    source = ProcessesSource(root: tree.root) { [clock] in
      clock.advance(seconds: microsecondsPerLook / 1e6)
      return clock.now
    }
  }

  func process(_ pid: Int, _ state: String) {
    let rest = Array(repeating: "1", count: 24).joined(separator: " ")
    tree.write("proc/\(pid)/stat", "\(pid) (a) b) \(state) \(rest)\n")
  }

  func pass(after seconds: Double) -> [String: Double] {
    clock.advance(seconds: seconds)
    table.begin()
    failure = nil
    do { try source.sample(into: &table, reading: &buffer, at: clock.now) } catch { failure = error }
    return table.shown
  }

  func await(seconds: Double) { source.awaitAnswers(nanoseconds: Int64(seconds * 1e9)) }
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
    // The walk is shown until the next one.
    #expect(bench.pass(after: 29)[#"node_processes_state{state="D"}"#] == 1)
    let later = bench.pass(after: 1)
    #expect(later[#"node_processes_state{state="D"}"#] == 0)
    #expect(later[#"node_processes_state{state="S"}"#] == 3)
  }

  @Test func aLongWalkIsSpreadAndShownWhole() {
    // Each look at the clock, once for eight files, takes 100 µs: three in a pass.
    let bench = ProcessBench(microsecondsPerLook: 100)
    for pid in 1...100 { bench.process(pid, "S") }
    var passes = 1
    while bench.pass(after: 1)["node_processes_pids"] == nil, passes < 50 { passes += 1 }
    #expect(passes == 5)
    #expect(bench.table.shown[#"node_processes_state{state="S"}"#] == 100)
    let seconds = bench.table.shown["muster_processes_walk_seconds"] ?? 0
    #expect(seconds > 4 && seconds < 4.1)
  }

  @Test func passesFartherApartDoMore() {
    let bench = ProcessBench(microsecondsPerLook: 100)
    for pid in 1...100 { bench.process(pid, "S") }
    #expect(bench.pass(after: 1)["node_processes_pids"] == nil)
    #expect(bench.pass(after: 5)["node_processes_pids"] == 100)
  }

  @Test func whoSamplesOnceWaits() {
    let bench = ProcessBench(microsecondsPerLook: 100)
    for pid in 1...300 { bench.process(pid, "S") }
    #expect(bench.pass(after: 0)["node_processes_pids"] == nil)
    bench.await(seconds: 0.001)
    #expect(bench.pass(after: 0)["node_processes_pids"] == nil)
    bench.await(seconds: 1)
    #expect(bench.pass(after: 0)["node_processes_pids"] == 300)
  }

  @Test func whoEndsIsNotCounted() {
    let bench = ProcessBench()
    bench.process(1, "S")
    bench.tree.folder("proc/77")
    let shown = bench.pass(after: 0)
    #expect(shown["node_processes_pids"] == 1)
  }

  @Test func hiddenProcessesAreNotAWrongNumber() {
    let bench = ProcessBench()
    bench.process(4711, "S")
    #expect(bench.pass(after: 0).isEmpty)
    #expect(bench.failure == .denied(path: "/proc/1 (processes of others are hidden)", errno: EPERM))
    bench.process(1, "S")
    #expect(bench.pass(after: 29).isEmpty)
    #expect(bench.pass(after: 1)["node_processes_pids"] == 2)
    #expect(bench.failure == nil)
  }

  @Test(arguments: ["", "1 a S 1\n", "1 (a\n", "1 (a) \n", "1 (a) S 1 2 3\n"])
  func aTextThatIsNotUnderstoodIsAFailure(_ text: String) {
    let bench = ProcessBench()
    bench.process(1, "S")
    #expect(bench.pass(after: 0).count > 0)
    bench.tree.write("proc/2/stat", text)
    #expect(bench.pass(after: 30).isEmpty)
    guard case .malformed = bench.failure else {
      Issue.record("\(String(describing: bench.failure))")
      return
    }
  }
}
