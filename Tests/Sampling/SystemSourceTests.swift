import Glibc
import ProcFS
import Testing
import Wire

@testable import Sampling

/// Clocks, limits and identity.
@Suite struct SystemSourceTests {
  private let tree = TestTree()

  @Test func fileHandles() throws {
    tree.write("proc/sys/fs/file-nr", "1289\t0\t2466170\n")
    let trial = try SourceTrial("filefd", tree)
    #expect(trial.sample() == ["node_filefd_allocated": 1289, "node_filefd_maximum": 2_466_170])
    tree.write("proc/sys/fs/file-nr", "1289\n")
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "failing")
  }

  @Test func entropyIsAbsentWhereTheKernelDoesNotSayIt() throws {
    let trial = try SourceTrial("entropy", tree)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    tree.write("proc/sys/kernel/random/entropy_avail", "0\n")
    #expect(trial.sample() == ["node_entropy_available_bits": 0])
    tree.write("proc/sys/kernel/random/poolsize", "4096\n")
    #expect(trial.sample() == ["node_entropy_available_bits": 0, "node_entropy_pool_size_bits": 4096])
    tree.write("proc/sys/kernel/random/poolsize", "many\n")
    #expect(trial.sample().isEmpty)
    #expect(
      trial.error
        == .malformed(file: "proc/sys/kernel/random/poolsize", line: 1, reason: "a number is expected"))
  }

  @Test func schedulerStatisticsOfCPUsThatComeAndGo() throws {
    let trial = try SourceTrial("schedstat", tree)
    func text(_ cpus: [Int]) -> String {
      "version 15\ntimestamp 1\n"
        + cpus.map { "cpu\($0) 0 0 0 0 0 0 1500000000 250000000 \($0)\ndomain0 3 1 2\n" }.joined()
    }
    var counts: [Int] = []
    for cpus in [[0, 1], [0], [0, 1], [0, 3]] {
      tree.write("proc/schedstat", text(cpus))
      counts.append(trial.sample().count)
    }
    #expect(counts == [6, 3, 6, 6])
    #expect(trial.table.count == 9)
    let shown = trial.sample()
    #expect(shown[#"node_schedstat_running_seconds_total{cpu="3"}"#] == 1.5)
    #expect(shown[#"node_schedstat_waiting_seconds_total{cpu="3"}"#] == 0.25)
    #expect(shown[#"node_schedstat_timeslices_total{cpu="3"}"#] == 3)
    tree.write("proc/schedstat", text([0]).replacing("version 15", with: "version 99"))
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "failing")
  }

  @Test func timeIsInWholeMilliseconds() throws {
    var calls = SamplingFixture.calls
    calls.wallClock = { 1_795_262_576_197_792_123 }
    let trial = try SourceTrial("time", tree, calls: calls)
    #expect(trial.sample() == ["node_time_seconds": 1_795_262_576.197])
    let nothing = try SourceTrial("time", tree)
    #expect(nothing.sample().isEmpty)
    #expect(nothing.availability == "unsupported")
  }

  @Test func summerTimeIsAnotherSeries() throws {
    let clock = TestClock()
    var calls = SamplingFixture.calls
    calls.wallClock = { clock.now }
    calls.localTimeZone = { seconds in
      seconds < 100
        ? LocalTimeZone(name: "CET", offsetSeconds: 3600) : LocalTimeZone(name: "CEST", offsetSeconds: 7200)
    }
    let trial = try SourceTrial("time_zone", tree, calls: calls)
    #expect(trial.sample() == [#"node_time_zone_offset_seconds{time_zone="CET"}"#: 3600])
    clock.advance(seconds: 100)
    #expect(trial.sample() == [#"node_time_zone_offset_seconds{time_zone="CEST"}"#: 7200])
  }

  @Test func thisMachineHasATimeAndAZone() throws {
    let shown = try SourceTrial("time", tree, calls: .live).sample()
    // Some time after this was written.
    #expect(try #require(shown["node_time_seconds"]) > 1_700_000_000)
    let zone = try #require(LocalTimeZone.current(at: 1_700_000_000))
    #expect(!zone.name.isEmpty)
    #expect(abs(zone.offsetSeconds) <= 18 * 3600)
  }

  @Test func clockSources() throws {
    let folder = "sys/devices/system/clocksource/clocksource0"
    tree.write("\(folder)/available_clocksource", "tsc hpet \n")
    tree.write("\(folder)/current_clocksource", "tsc\n")
    let trial = try SourceTrial("clocksource", tree)
    let available = "node_time_clocksource_available_info"
    let current = "node_time_clocksource_current_info"
    #expect(
      trial.sample() == [
        #"\#(available){device="0",clocksource="tsc"}"#: 1,
        #"\#(available){device="0",clocksource="hpet"}"#: 1,
        #"\#(current){device="0",clocksource="tsc"}"#: 1,
      ])
    // The kernel found the time stamp counter unstable.
    tree.write("\(folder)/current_clocksource", "hpet\n")
    #expect(trial.sample().of(current) == [#"\#(current){device="0",clocksource="hpet"}"#: 1])
  }

  @Test func anUpgradeIsAnotherSeries() throws {
    tree.write("etc/os-release", "ID=example\nNAME=\"An Example\"\nVERSION_ID=\"22.04\"\n")
    tree.write("usr/lib/os-release", "ID=hidden\n")
    let trial = try SourceTrial("os", tree)
    #expect(
      trial.sample().of("node_os_version")
        == [#"node_os_version{id="example",id_like="",name="An Example"}"#: 22.04])
    #expect(trial.sample().of("node_os_info").count == 1)
    tree.write("etc/os-release", "ID=example\nVERSION_ID=rolling\n")
    #expect(trial.sample().of("node_os_version").isEmpty)
    #expect(trial.sample().of("node_os_info").keys.first?.contains(#"version_id="rolling""#) == true)
    tree.remove("etc/os-release")
    #expect(trial.sample().keys.first?.contains(#"id="hidden""#) == true)
    tree.remove("usr/lib/os-release")
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
  }

  @Test func selinux() throws {
    let trial = try SourceTrial("selinux", tree)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    tree.folder("sys/fs/ext4")
    #expect(trial.sample() == ["node_selinux_enabled": 0])
    tree.write("sys/fs/selinux/enforce", "0")
    #expect(trial.sample() == ["node_selinux_enabled": 1, "node_selinux_current_mode": 0])
    tree.write("etc/selinux/config", "SELINUX=disabled\n")
    #expect(trial.sample()["node_selinux_config_mode"] == -1)
    tree.write("sys/fs/selinux/enforce", "")
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "failing")
  }

  @Test func firmwareHasTheLabelsThatMayBeRead() throws {
    let folder = "sys/class/dmi/id"
    let trial = try SourceTrial("dmi", tree)
    #expect(trial.sample().isEmpty)
    #expect(trial.availability == "unsupported")
    for (name, text) in ["sys_vendor": "Example Inc.\n", "product_name": " \n", "modalias": "dmi:\n"] {
      tree.write("\(folder)/\(name)", text)
    }
    // A folder cannot be read, as a serial number that is for root only.
    tree.folder("\(folder)/product_serial")
    let expected = [#"node_dmi_info{product_name="",system_vendor="Example Inc."}"#: 1.0]
    #expect(trial.sample() == expected)
    tree.write("\(folder)/sys_vendor", "Other\n")
    trial.startOver()
    #expect(trial.sample() == expected)
  }
}
