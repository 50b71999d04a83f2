import Testing
import Wire

@testable import Aggregator

@Suite struct VitalsTests {
  /// A machine of one processor, two disks and two interfaces, with the counters of a kernel.
  private static func machine() -> Producer {
    func counter(_ name: String, _ label: String, _ value: String, divisor: UInt32 = 1) -> SeriesDescriptor {
      SeriesDescriptor(name, labels: [Label(label, value)], kind: .counter, divisor: divisor)
    }
    return Producer(
      ["idle", "iowait", "user", "system"].map {
        SeriesDescriptor(
          "node_cpu_seconds_total", labels: [Label("cpu", "0"), Label("mode", $0)], kind: .counter,
          divisor: 100)
      } + [
        SeriesDescriptor("node_memory_MemTotal_bytes", kind: .gauge, multiplier: 1024),
        SeriesDescriptor("node_memory_MemAvailable_bytes", kind: .gauge, multiplier: 1024),
        counter("node_disk_read_bytes_total", "device", "sda"),
        counter("node_disk_read_bytes_total", "device", "sda1"),
        counter("node_disk_read_bytes_total", "device", "dm-0"),
        counter("node_disk_written_bytes_total", "device", "nvme0n1"),
        counter("node_network_receive_bytes_total", "device", "lo"),
        counter("node_network_receive_bytes_total", "device", "eth0"),
        counter("node_network_transmit_bytes_total", "device", "eth0"),
        SeriesDescriptor("node_pressure_cpu_waiting_seconds_total", kind: .counter, divisor: 1_000_000),
        SeriesDescriptor("node_pressure_memory_waiting_seconds_total", kind: .counter, divisor: 1_000_000),
        SeriesDescriptor("node_load1", kind: .gauge, divisor: 100),
      ])
  }

  /// By the order of `machine()`.
  private enum Series: Int {
    case idle, iowait, user, system, total, available, sda, sda1, dm0, nvme, lo, eth0In, eth0Out, cpu, memory,
      load
  }

  private let fleet = Fleet()

  private func run(_ frames: [[Series: Int64]], _ change: (inout Producer, Int) -> Void = { _, _ in }) throws
    -> Vitals
  {
    var producer = Self.machine()
    producer.interval = .seconds(2)
    let session = IngestSession(fleet: Fleet(), address: "")
    for (number, values) in frames.enumerated() {
      for (series, raw) in values { producer.set(series.rawValue, raw) }
      change(&producer, number)
      _ = try session.receive(producer.frame(), at: .at(Double(number * 2)))
    }
    return try #require(session.host?.info(at: .at(0)).vitals)
  }

  private let before: [Series: Int64] = [
    .idle: 1000, .iowait: 50, .user: 300, .system: 100, .total: 8_000_000, .available: 6_000_000,
    .sda: 10_000,
    .sda1: 9000, .dm0: 9000, .nvme: 0, .lo: 500, .eth0In: 1_000_000, .eth0Out: 2_000_000, .cpu: 1_000_000,
    .load: 125,
  ]

  @Test func goldenNumbers() throws {
    let vitals = try run([
      before,
      [
        .idle: 1120, .iowait: 70, .user: 340, .system: 120, .available: 2_000_000, .sda: 14_096,
        .sda1: 13_000,
        .dm0: 13_000, .nvme: 8192, .lo: 99_999, .eth0In: 1_001_000, .eth0Out: 2_000_500, .cpu: 1_500_000,
        .load: 150,
      ],
    ])
    // 40 + 20 of 200 ticks; waiting for a disk is not work.
    #expect(abs(vitals.cpuBusyRatio - 0.3) < 1e-12)
    #expect(vitals.cpus == 1)
    #expect(vitals.memoryTotalBytes == 8_192_000_000)
    #expect(vitals.memoryUsedRatio == 0.75)
    #expect(vitals.load1 == 1.5)
    #expect(vitals.diskReadBytesPerSecond == 2048)
    #expect(vitals.diskWrittenBytesPerSecond == 4096)
    #expect(vitals.networkReceiveBytesPerSecond == 500)
    #expect(vitals.networkTransmitBytesPerSecond == 250)
    #expect(vitals.pressureCPURatio == 0.25)
    #expect(vitals.pressureMemoryRatio == 0)
    // This kernel has no node_pressure_io.
    #expect(vitals.pressureIORatio.isNaN)
    #expect(vitals.cpuHistory == [0.3])
  }

  @Test func aFirstFrameHasLevelsAndNoRates() throws {
    let vitals = try run([before])
    #expect(vitals.memoryUsedRatio == 0.25)
    #expect(vitals.load1 == 1.25)
    #expect(vitals.cpus == 1)
    #expect(vitals.cpuBusyRatio.isNaN)
    #expect(vitals.diskReadBytesPerSecond.isNaN)
    #expect(vitals.networkReceiveBytesPerSecond.isNaN)
    #expect(vitals.pressureCPURatio.isNaN)
    #expect(vitals.cpuHistory.isEmpty)
  }

  @Test func aFrameWithoutChangesIsZeroNotUnknown() throws {
    let vitals = try run([before, [.idle: 1200], [:]])
    #expect(vitals.diskReadBytesPerSecond == 0)
    #expect(vitals.networkReceiveBytesPerSecond == 0)
    #expect(vitals.load1 == 1.25)
    // No tick at all: nobody can say what the processor did.
    #expect(vitals.cpuBusyRatio.isNaN)
    #expect(vitals.cpuHistory == [0])
  }

  @Test func aCounterThatStartsAgainAddsNothing() throws {
    let vitals = try run([
      before, [.sda: 0, .eth0In: 3, .idle: 1100], [.sda: 4096, .eth0In: 2003, .idle: 1200],
    ])
    #expect(vitals.diskReadBytesPerSecond == 2048)
    #expect(vitals.networkReceiveBytesPerSecond == 1000)
  }

  @Test func anIdleTimeThatSlipsBackIsNoLoad() throws {
    let vitals = try run([before, [.idle: 999, .user: 310]])
    #expect(vitals.cpuBusyRatio == 1)
    let after = try run([before, [.idle: 1190, .iowait: 49, .user: 310]])
    #expect(abs(after.cpuBusyRatio - 0.05) < 1e-12)
  }

  @Test func overAGapARateIsItsMean() throws {
    let vitals = try run([before, [.sda: 10_000 + 60 * 4096, .idle: 7000]]) { producer, number in
      // Asleep for 58 s: CLOCK_BOOTTIME goes on.
      if number == 1 { producer.monotonicMicroseconds += 58_000_000 }
    }
    #expect(vitals.diskReadBytesPerSecond == 4096)
  }

  @Test func aDeviceThatComesOrGoesIsNoSpike() throws {
    let vitals = try run([before, [.sda: 12_048, .idle: 1100], [.sda: 14_096, .idle: 1200]]) {
      producer, number in
      if number == 2 {
        producer.add(
          SeriesDescriptor("node_disk_read_bytes_total", labels: [Label("device", "sdb")], kind: .counter),
          1_000_000_000)
        producer.remove("node_disk_written_bytes_total")
        producer.remove("node_load1")
      }
    }
    #expect(vitals.diskReadBytesPerSecond == 1024)
    #expect(vitals.diskWrittenBytesPerSecond.isNaN)
    #expect(vitals.load1.isNaN)
  }

  @Test func aRebootStartsAgain() throws {
    var producer = Self.machine()
    let first = IngestSession(fleet: fleet, address: "")
    for (series, raw) in before { producer.set(series.rawValue, raw) }
    _ = try first.receive(producer.frame(), at: .at(0))
    first.ended(at: .at(1))
    producer.restart()
    producer.bootID = "boot-2"
    producer.monotonicMicroseconds += 1_000_000_000
    for series in [Series.user, .sda] { producer.set(series.rawValue, 1_000_000) }
    let second = IngestSession(fleet: fleet, address: "")
    _ = try second.receive(producer.frame(), at: .at(60))
    let vitals = try #require(second.host?.info(at: .at(60)).vitals)
    #expect(vitals.cpuBusyRatio.isNaN)
    #expect(vitals.diskReadBytesPerSecond.isNaN)
    #expect(vitals.memoryUsedRatio == 0.25)
    #expect(vitals.cpus == 1)
  }

  @Test func aCollectorsRestartDoesNot() throws {
    var producer = Self.machine()
    for (series, raw) in before { producer.set(series.rawValue, raw) }
    let first = IngestSession(fleet: fleet, address: "")
    _ = try first.receive(producer.frame(), at: .at(0))
    producer.restart()
    producer.set(Series.sda.rawValue, 20_000)
    let second = IngestSession(fleet: fleet, address: "")
    _ = try second.receive(producer.frame(), at: .at(1))
    #expect(second.host?.info(at: .at(1)).vitals?.diskReadBytesPerSecond == 10_000)
  }

  @Test func doublesCountToo() throws {
    var producer = Producer(
      ["idle", "user"].map {
        SeriesDescriptor(
          "node_cpu_seconds_total", labels: [Label("cpu", "0"), Label("mode", $0)], kind: .counter,
          type: .double)
      })
    let session = IngestSession(fleet: fleet, address: "")
    for (idle, user) in [(10.5, 1.5), (11.25, 1.75)] {
      producer.set(0, Int64(bitPattern: idle.bitPattern))
      producer.set(1, Int64(bitPattern: user.bitPattern))
      _ = try session.receive(producer.frame(), at: .at(0))
    }
    #expect(session.host?.info(at: .at(0)).vitals?.cpuBusyRatio == 0.25)
  }

  @Test func theHistoryIsTheLastSixty() throws {
    let frames = (0...70).map { number -> [Series: Int64] in
      [.idle: Int64(number * 100), .user: Int64(number * number)]
    }
    let history = try run(frames).cpuHistory
    #expect(history.count == 60)
    #expect(history.last == Float(139.0 / 239.0))
    #expect(history.first == Float(21.0 / 121.0))
  }

  @Test(arguments: [
    ("sda", true), ("sdaa", true), ("vdb", true), ("xvda", true), ("hdc", true), ("nvme0n1", true),
    ("mmcblk0", true),
    ("nbd3", true), ("pmem0", true),
    ("sda1", false), ("vdb12", false), ("nvme0n1p2", false), ("mmcblk0p1", false), ("nbd0p1", false),
    ("dm-0", false), ("md127", false), ("loop4", false), ("ram0", false), ("zram0", false), ("sr0", false),
    ("fd0", false), ("bcache0", false), ("zd16", false), ("drbd1", false), ("", false),
  ])
  func wholeDisks(_ name: String, _ counts: Bool) {
    #expect(BlockDevice.isWholeDisk(name) == counts)
  }

  @Test(arguments: [
    ("eth0", true), ("enp3s0f1", true), ("wlan0", true), ("ens5", true), ("ib0", true), ("brcm0", true),
    ("lo", false), ("veth12ab", false), ("docker0", false), ("br-5c1", false), ("br0", false),
    ("virbr0", false),
    ("bond0", false), ("eth0.100", false), ("wg0", false), ("tun0", false), ("tap1", false),
    ("cali77", false),
    ("vnet3", false), ("", false),
  ])
  func outwardDevices(_ name: String, _ counts: Bool) {
    #expect(NetworkDevice.isOutward(name) == counts)
  }
}
