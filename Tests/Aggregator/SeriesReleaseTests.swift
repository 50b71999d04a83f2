import GRPC
import Selection
import Testing
import TimeSeries
import Wire

@testable import Aggregator

/// Series that end while others begin, as containers do: what a host no longer has is let go of, and what goes on goes on.
@Suite struct SeriesReleaseTests {
  private let fleet: Fleet

  init() {
    var limits = FleetLimits()
    limits.hot = HotLimits(retentionMicroseconds: 10_000_000)
    limits.seriesPerHost = 20
    fleet = Fleet(limits: limits)
  }

  private var host: Host? { fleet.host(id: Producer.hostID) }

  private func known() -> Int { host?.withRecord { $0.series.seriesCount } ?? 0 }

  /// Sends so many frames, a second apart; the counter `total` goes on by 10 with each.
  private func send(_ frames: Int, of producer: inout Producer, to session: IngestSession) throws {
    for _ in 0..<frames {
      producer.set("total", Int64(producer.sequence + 1) * 10)
      _ = try session.receive(producer.frame(), at: .at(Double(producer.sequence)))
    }
  }

  /// The collector forgets what is gone: the stream ends, and another begins.
  private func compact(_ producer: inout Producer, _ session: IngestSession) -> IngestSession {
    session.ended(at: .at(Double(producer.sequence)))
    producer.compact()
    return IngestSession(fleet: fleet, address: "")
  }

  @Test func aCounterGoesOnThroughACompaction() throws {
    var producer = Producer()
    producer.add("before")
    producer.add(SeriesDescriptor("total", kind: .counter))
    producer.add(
      SeriesDescriptor("node_network_receive_bytes_total", labels: [Label("device", "eth0")], kind: .counter))
    var session = IngestSession(fleet: fleet, address: "")
    for round in 1...8 as ClosedRange<Int64> {
      if round == 3 { producer.remove("before") }
      if round == 5 { session = compact(&producer, session) }
      producer.set("node_network_receive_bytes_total", round * 500)
      try send(1, of: &producer, to: session)
      let rate = host?.info(at: .at(Double(round))).vitals?.networkReceiveBytesPerSecond
      if round > 1 { #expect(rate == 500, "frame \(round)") }
    }
    #expect(host?.stored("total") == [10, 20, 30, 40, 50, 60, 70, 80])
    #expect(host?.stored("before") == [0, 0])
    let info = try #require(host).info(at: .at(8))
    #expect([info.frames, info.duplicateFrames, info.missingFrames] == [8, 0, 0])
  }

  @Test func whatIsGoneIsLetGoOfWithItsLastFrame() throws {
    var producer = Producer()
    producer.add("gone")
    producer.add(SeriesDescriptor("total", kind: .counter))
    var session = IngestSession(fleet: fleet, address: "")
    try send(3, of: &producer, to: session)
    producer.remove("gone")
    try send(40, of: &producer, to: session)
    // The stream may still say that it is back.
    fleet.releaseSeries()
    fleet.releaseSeries()
    #expect(known() == 2)

    session = compact(&producer, session)
    try send(1, of: &producer, to: session)
    fleet.releaseSeries()
    #expect(known() == 2)
    try send(40, of: &producer, to: session)
    fleet.releaseSeries()
    #expect(known() == 1 && fleet.counters.seriesReleased.value == 1)
    #expect(host?.latest("total") == 840)

    // Its index is another's, and nothing of what it was is seen there.
    producer.add("new")
    producer.set("new", 7)
    try send(2, of: &producer, to: session)
    #expect(known() == 2 && host?.withRecord { $0.series.count } == 2)
    #expect(host?.stored("new") == [7, 7] && host?.latest("new") == 7)
    #expect(host?.stored("total").count == host?.withRecord { $0.store.frameCount })
  }

  @Test func whatComesBackInTimeIsTheSameSeries() throws {
    var producer = Producer()
    producer.add("x")
    producer.add(SeriesDescriptor("total", kind: .counter))
    var session = IngestSession(fleet: fleet, address: "")
    producer.set("x", 1)
    try send(1, of: &producer, to: session)
    producer.remove("x")
    try send(1, of: &producer, to: session)
    session = compact(&producer, session)
    try send(1, of: &producer, to: session)
    fleet.releaseSeries()
    // Seen to be absent, and back before its frames have left.
    producer.add("x")
    producer.set("x", 2)
    try send(1, of: &producer, to: session)
    #expect(host?.stored("x") == [1, 2])
    producer.remove("x")
    try send(30, of: &producer, to: session)
    fleet.releaseSeries()
    #expect(known() == 2)
  }

  @Test func aHostThatIsAwayKeepsWhatItHas() throws {
    var producer = Producer()
    producer.add("gone")
    producer.add(SeriesDescriptor("total", kind: .counter))
    let session = IngestSession(fleet: fleet, address: "")
    try send(1, of: &producer, to: session)
    producer.remove("gone")
    try send(2, of: &producer, to: session)
    session.ended(at: .at(3))
    for _ in 0..<3 { fleet.releaseSeries() }
    #expect(known() == 2)
    // As housekeeping does when nothing was heard for as long as frames are kept.
    host?.withRecord { $0.store.discardFrames() }
    fleet.releaseSeries()
    #expect(known() == 1 && host?.latest("total") == 30)
  }

  @Test func endlessContainersFillNoTable() throws {
    var producer = Producer()
    producer.add(SeriesDescriptor("total", kind: .counter))
    var session = IngestSession(fleet: fleet, address: "")
    for container in 0..<300 {
      producer.add(
        SeriesDescriptor(
          "node_disk_read_bytes_total", labels: [Label("device", "d\(container)")], kind: .counter))
      producer.set("node_disk_read_bytes_total", 1000)
      try send(10, of: &producer, to: session)
      producer.set("node_disk_read_bytes_total", 1000 + Int64(container))
      try send(1, of: &producer, to: session)
      let vitals = try #require(host?.info(at: .at(0)).vitals)
      #expect(vitals.diskReadBytesPerSecond == Double(container))
      producer.remove("node_disk_read_bytes_total")
      try send(1, of: &producer, to: session)
      session = compact(&producer, session)
      try send(1, of: &producer, to: session)
      fleet.releaseSeries()
    }
    #expect(host?.withRecord { $0.frames.seriesRefused } == 0)
    #expect(known() < 20)
    #expect(fleet.counters.seriesReleased.value > 280)
    #expect(host?.latest("total") == Double(producer.sequence * 10))
    fleet.pool.sweep()
    #expect(fleet.pool.count < 20)
  }

  @Test func aTailSeesNewSeriesUnderTheirOwnNames() throws {
    var producer = Producer()
    producer.add("old")
    producer.add(SeriesDescriptor("total", kind: .counter))
    producer.set("old", 1)
    var session = IngestSession(fleet: fleet, address: "")
    try send(1, of: &producer, to: session)
    let tail = TailedHost(try #require(host), history: .seconds(60), since: .at(100))
    let pattern = try MetricPattern(parsing: "*")
    let first = try #require(tail.read(pattern).update)
    #expect(first.newSeries.map(\.name) == ["old", "total"])
    #expect(first.frames.map(\.values) == [[1, 10]])

    producer.remove("old")
    session = compact(&producer, session)
    for _ in 0..<40 {
      try send(1, of: &producer, to: session)
      fleet.releaseSeries()
      #expect(tail.read(pattern).update?.frames.map(\.series) == [[1]])
    }
    #expect(known() == 1)
    producer.add("new")
    producer.set("new", 9)
    try send(1, of: &producer, to: session)
    let last = try #require(tail.read(pattern).update)
    #expect(last.newSeries.map(\.name) == ["new"])
    #expect(last.frames.map(\.series) == [[1, 2]])
    #expect(last.frames.map(\.values) == [[420, 9]])
  }
}
