import GRPC
import Steering
import Testing
import Wire

@testable import Aggregator

/// What collectors cost and lack, read from their own frames.
@Suite struct SteeringHealthTests {
  private let fleet = Fleet()
  private let health: CollectorHealth
  private var producer = Producer()

  init() {
    health = CollectorHealth(fleet)
    producer.add(
      SeriesDescriptor(
        "muster_collector_cpu_seconds_total", kind: .counter, unit: "seconds", divisor: 1_000_000))
    producer.add(
      SeriesDescriptor("muster_collector_resident_bytes", kind: .gauge, unit: "bytes", multiplier: 4096), 1000
    )
    for source in ["stat", "diskstats", "netdev"] {
      producer.add(
        SeriesDescriptor("muster_collector_source_up", labels: [Label("source", source)], kind: .gauge), 1)
    }
  }

  /// Frames of so many seconds, each costing so many microseconds of CPU.
  private mutating func send(_ frames: Int, cpu microseconds: Int64, from total: inout Int64) throws {
    let ingest = IngestSession(fleet: fleet, address: "")
    producer.reconnect()
    for _ in 0..<frames {
      total += microseconds
      producer.set("muster_collector_cpu_seconds_total", total)
      _ = try ingest.receive(producer.frame(), at: .at(1))
    }
    ingest.ended(at: .at(1))
  }

  @Test mutating func aRatioOverTheLastTwentySeconds() throws {
    var total: Int64 = 0
    #expect(health.reading(of: Producer.hostID) == nil)
    try send(5, cpu: 10_000, from: &total)
    // Four seconds say little.
    #expect(health.reading(of: Producer.hostID)?.cpuRatio == nil)
    try send(95, cpu: 10_000, from: &total)
    let calm = try #require(health.reading(of: Producer.hostID))
    #expect(abs(calm.cpuRatio! - 0.01) < 1e-9)
    #expect(calm.residentBytes == 4_096_000)
    #expect(calm.failingSources == 0)
    try send(20, cpu: 50_000, from: &total)
    #expect(abs(health.reading(of: Producer.hostID)!.cpuRatio! - 0.05) < 1e-9)
  }

  @Test mutating func aMeasurementIsKeptForTwoSeconds() throws {
    var total: Int64 = 0
    try send(30, cpu: 10_000, from: &total)
    let first = try #require(health.reading(of: Producer.hostID)?.cpuRatio)
    try send(1, cpu: 900_000, from: &total)
    #expect(health.reading(of: Producer.hostID)?.cpuRatio == first)
    try send(1, cpu: 10_000, from: &total)
    #expect(health.reading(of: Producer.hostID)!.cpuRatio! > first * 2)
  }

  @Test mutating func aRestartIsNoNegativeCost() throws {
    var total: Int64 = 50_000_000
    try send(30, cpu: 10_000, from: &total)
    total = 0
    producer.restart()
    try send(10, cpu: 20_000, from: &total)
    #expect(abs(health.reading(of: Producer.hostID)!.cpuRatio! - 0.02) < 1e-9)
  }

  @Test mutating func sourcesThatAreGoneDoNotFail() throws {
    var total: Int64 = 0
    try send(1, cpu: 0, from: &total)
    producer.set(2, 0)
    producer.set(3, 0)
    try send(1, cpu: 0, from: &total)
    #expect(health.reading(of: Producer.hostID)?.failingSources == 2)
    producer.remove("muster_collector_source_up")
    try send(1, cpu: 0, from: &total)
    let reading = try #require(health.reading(of: Producer.hostID))
    #expect(reading.failingSources == nil)
    #expect(reading.residentBytes != nil)
  }

  @Test mutating func slowHostsAreMeasuredOverTwoIntervals() throws {
    producer.interval = .seconds(60)
    var total: Int64 = 0
    try send(4, cpu: 600_000, from: &total)
    let host = try #require(fleet.host(id: Producer.hostID))
    host.withRecord { $0.presence.adopt(interval: 60_000) }
    #expect(abs(health.reading(of: Producer.hostID)!.cpuRatio! - 0.01) < 1e-9)
  }
}
