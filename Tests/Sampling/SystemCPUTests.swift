import ProcFS
import Synchronization
import Testing

@testable import Sampling

/// CPUs and memory nodes in /sys.
@Suite struct SystemCPUTests {
  private let tree = TestTree()
  private let folder = "sys/devices/system/cpu"

  private func lists(online: String, offline: String = "", present: String = "0-11", isolated: String? = nil)
  {
    tree.write("\(folder)/present", present + "\n")
    tree.write("\(folder)/online", online + "\n")
    tree.write("\(folder)/offline", offline + "\n")
    if let isolated { tree.write("\(folder)/isolated", isolated + "\n") }
  }

  private func cpu(_ number: Int, package: Int, core: Int, throttles: (core: Int, package: Int)? = nil) {
    tree.write("\(folder)/cpu\(number)/topology/physical_package_id", "\(package)\n")
    tree.write("\(folder)/cpu\(number)/topology/core_id", "\(core)\n")
    guard let throttles else { return }
    tree.write("\(folder)/cpu\(number)/thermal_throttle/core_throttle_count", "\(throttles.core)\n")
    tree.write("\(folder)/cpu\(number)/thermal_throttle/package_throttle_count", "\(throttles.package)\n")
  }

  @Test func onlineAndIsolated() throws {
    let trial = try SourceTrial("cpu_topology", tree)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    lists(online: "0,2", offline: "1,3-7", present: "0-3", isolated: "2")
    let all = [
      #"node_cpu_online{cpu="0"}"#: 1.0, #"node_cpu_online{cpu="1"}"#: 0, #"node_cpu_online{cpu="2"}"#: 1,
      #"node_cpu_online{cpu="3"}"#: 0, #"node_cpu_isolated{cpu="2"}"#: 1,
    ]
    #expect(trial.sample() == all)
    lists(online: "0-1", offline: "2-7", present: "0-3", isolated: "")
    #expect(trial.sample()[#"node_cpu_online{cpu="1"}"#] == 1)
    #expect(trial.sample()[#"node_cpu_online{cpu="2"}"#] == 0)
    #expect(trial.sample().of("node_cpu_isolated").isEmpty)
    lists(online: "1-0")
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "failing")
  }

  @Test func underLxcfsNobodySaysThatTheHostsCPUsAreOffline() throws {
    lists(online: "0-1", offline: "", present: "0-3")
    let trial = try SourceTrial("cpu_topology", tree)
    #expect(trial.sample() == [#"node_cpu_online{cpu="0"}"#: 1, #"node_cpu_online{cpu="1"}"#: 1])
  }

  @Test func theFirstCPUByNameSpeaksForItsCore() throws {
    lists(online: "2,10")
    cpu(2, package: 0, core: 5, throttles: (core: 22, package: 33))
    cpu(10, package: 0, core: 5, throttles: (core: 44, package: 55))
    let trial = try SourceTrial("cpu_topology", tree)
    let core = #"node_cpu_core_throttles_total{package="0",core="5"}"#
    let package = #"node_cpu_package_throttles_total{package="0"}"#
    #expect(trial.sample().of("node_cpu_core") == [core: 44])
    #expect(trial.sample()[package] == 55)
    // It is unplugged: the other one speaks. Then it is back with another count.
    lists(online: "2", offline: "10")
    #expect(trial.sample()[core] == 22)
    cpu(10, package: 0, core: 5, throttles: (core: 45, package: 56))
    lists(online: "2,10")
    #expect(trial.sample()[core] == 45)
    #expect(trial.sample()[package] == 56)
    #expect(trial.sample().of("node_cpu_core").count == 1)
  }

  @Test func aCPUWithoutTopologyOrCountersIsPassedOver() throws {
    lists(online: "0-3")
    cpu(0, package: -1, core: 0, throttles: (1, 1))
    cpu(1, package: 0, core: 0)
    cpu(2, package: 0, core: 0, throttles: (7, 8))
    let trial = try SourceTrial("cpu_topology", tree)
    let throttles = [
      #"node_cpu_core_throttles_total{package="0",core="0"}"#: 7.0,
      #"node_cpu_package_throttles_total{package="0"}"#: 8,
    ]
    func shown() -> [String: Double] { trial.sample().filter { $0.key.contains("throttles") } }
    #expect(shown() == throttles)
    // A file that vanishes before the lists say so is absent, and the rest stays.
    tree.remove("\(folder)/cpu2/thermal_throttle/core_throttle_count")
    #expect(Array(shown().values) == [8])
    #expect(trial.availability == "ok")
  }

  @Test func frequencies() throws {
    let trial = try SourceTrial("cpufreq", tree)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    lists(online: "0-1")
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    // A driver is loaded.
    tree.write("\(folder)/cpu0/cpufreq/scaling_cur_freq", "1200000\n")
    tree.write("\(folder)/cpu0/cpufreq/cpuinfo_max_freq", "3500000\n")
    tree.write("\(folder)/cpu1/cpufreq/scaling_cur_freq", "<unknown>\n")
    let expected = [
      #"node_cpu_scaling_frequency_hertz{cpu="0"}"#: 1.2e9, #"node_cpu_frequency_max_hertz{cpu="0"}"#: 3.5e9,
    ]
    #expect(trial.sample() == expected)
    tree.write("\(folder)/cpu1/cpufreq/scaling_cur_freq", "0\n")
    #expect(trial.sample()[#"node_cpu_scaling_frequency_hertz{cpu="1"}"#] == 0)
    // A CPU that comes brings its own.
    tree.write("\(folder)/cpu2/cpufreq/scaling_cur_freq", "5\n")
    lists(online: "0,2")
    #expect(trial.sample().keys.filter { $0.contains(#"cpu="2""#) }.count == 1)
    #expect(trial.sample().keys.filter { $0.contains(#"cpu="1""#) }.isEmpty)
  }

  @Test func slowCPUsTakeTurns() throws {
    lists(online: "0-2")
    for number in 0...2 { tree.write("\(folder)/cpu\(number)/cpufreq/scaling_cur_freq", "\(number)\n") }
    let time = Mutex<Int64>(0)
    // Each look at the clock is 300 ms later: the budget is good for two CPUs.
    var source = CPUFrequencySource(root: tree.root) {
      time.withLock { time in
        time += 300_000_000
        return time
      }
    }
    var table = SampleTable()
    var buffer = ReadBuffer()
    var seen: [[String]] = []
    for _ in 0..<3 {
      table.begin()
      try source.sample(into: &table, reading: &buffer, at: time.withLock { $0 })
      seen.append(
        table.shown.keys.compactMap { $0.split(separator: "\"").dropLast().last }.map(String.init).sorted())
    }
    #expect(seen == [["0", "1"], ["0", "2"], ["1", "2"]])
  }

  @Test func memoryNodesComeAndGo() throws {
    let nodes = "sys/devices/system/node"
    func write(_ node: Int) {
      tree.write(
        "\(nodes)/node\(node)/meminfo", "Node \(node) MemFree: 3 kB\nNode \(node) HugePages_Free: 2\n")
      tree.write("\(nodes)/node\(node)/numastat", "numa_hit 7\n")
    }
    let trial = try SourceTrial("numa", tree)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    write(0)
    tree.write("\(nodes)/online", "0\n")
    let first = [
      #"node_memory_numa_MemFree{node="0"}"#: 3072.0, #"node_memory_numa_HugePages_Free{node="0"}"#: 2,
      #"node_memory_numa_numa_hit_total{node="0"}"#: 7,
    ]
    #expect(trial.sample() == first)
    write(1)
    #expect(trial.sample().count == 6)
    // One file is broken: its series alone are absent.
    tree.write("\(nodes)/node1/meminfo", "Node 0 MemFree: 3 kB\n")
    #expect(trial.sample().count == 4)
    #expect(trial.availability == "ok")
    for file in ["meminfo", "numastat", ""] { tree.remove("\(nodes)/node1/\(file)") }
    #expect(trial.sample() == first)
    #expect(trial.table.count == 6)
    for file in ["meminfo", "numastat"] { tree.remove("\(nodes)/node0/\(file)") }
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
  }

  @Test func samepageMerging() throws {
    let trial = try SourceTrial("ksm", tree)
    tree.write("sys/kernel/mm/ksm/sleep_millisecs", "20\n")
    tree.write("sys/kernel/mm/ksm/general_profit", "-4096\n")
    tree.write("sys/kernel/mm/ksm/full_scans", "3\n")
    #expect(
      trial.sample() == [
        "node_ksmd_sleep_seconds": 0.02, "node_ksmd_general_profit_bytes": -4096,
        "node_ksmd_full_scans_total": 3,
      ])
  }

  @Test func aWatchdogWhoseStateChanges() throws {
    let device = "sys/class/watchdog/watchdog0"
    let clock = TestClock()
    for (name, text) in ["identity": "iTCO_wdt", "state": "inactive", "timeout": "30", "bootstatus": "0"] {
      tree.write("\(device)/\(name)", text + "\n")
    }
    let trial = try SourceTrial("watchdog", tree, clock: clock)
    func info(_ state: String) -> String {
      #"node_watchdog_info{name="watchdog0",options="",identity="iTCO_wdt",state="\#(state)",status="","#
        + #"pretimeout_governor=""}"#
    }
    let numbers = [
      #"node_watchdog_timeout_seconds{name="watchdog0"}"#: 30.0,
      #"node_watchdog_bootstatus{name="watchdog0"}"#: 0,
    ]
    #expect(trial.sample() == numbers.merging([info("inactive"): 1]) { $1 })
    tree.write("\(device)/state", "active\n")
    clock.advance(seconds: 5)
    #expect(trial.sample() == numbers.merging([info("active"): 1]) { $1 })
  }

  /// What is refused is counted once, however often it is read.
  @Test(arguments: [
    "schedstat", "cpu_topology", "numa", "ksm", "os", "clocksource", "filefd", "dmi", "cpufreq",
  ])
  func aFullTableIsAskedOnce(_ name: String) throws {
    let machine = try SourceTrial(
      name, root: ProcRoot(path: SamplingFixture.path("linux-4.19-numa-server")), maximumSeries: 0)
    machine.sample()
    let refused = machine.table.refused
    #expect(refused > 0)
    machine.sample()
    #expect(machine.table.refused == refused)
  }
}
