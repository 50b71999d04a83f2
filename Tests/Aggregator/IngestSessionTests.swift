import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct IngestSessionTests {
  private let fleet = Fleet()

  @Test func framesAreStoredOnceAndInOrder() throws {
    var producer = Producer()
    producer.add("a", "b")
    let session = IngestSession(fleet: fleet, address: "192.0.2.1:40000")
    for value in 1...5 as ClosedRange<Int64> {
      producer.set("a", value)
      let receipt = try session.receive(producer.frame(), at: .at(Double(value)))
      #expect(receipt.highest == UInt64(value))
      // `b` never changes; it appears with the first frame.
      #expect(receipt.outcome == .stored(samples: value == 1 ? 2 : 1, missing: 0))
    }
    let host = try #require(fleet.host(id: Producer.hostID))
    #expect(host.stored("a") == [1, 2, 3, 4, 5])
    #expect(host.stored("b") == [0, 0, 0, 0, 0])
    let info = host.info(at: .at(5))
    #expect(info.instance == "web-1")
    #expect(info.address == "192.0.2.1:40000")
    #expect(info.state == .online)
    #expect(info.frames == 5)
    #expect(info.series == 2)
    #expect(info.lastFrameMicroseconds == Moment.at(5).wallMicroseconds)
    session.ended(at: .at(6))
    session.ended(at: .at(7))
    #expect(host.info(at: .at(100)).state == .offline)
    #expect(session.summary == PushSummary(frames: 5, duplicates: 0, sequence: 5))
  }

  @Test func duplicatesAndGapsAreCountedByEpochAndSequence() throws {
    var producer = Producer()
    producer.add("a")
    let session = IngestSession(fleet: fleet, address: "")
    func send(_ value: Int64, again: UInt64? = nil, skipping: UInt64 = 0) throws -> IngestReceipt {
      producer.set("a", value)
      return try session.receive(producer.frame(again: again, skipping: skipping), at: .at(Double(value)))
    }
    _ = try send(1)
    _ = try send(2)
    #expect(try send(3, again: 2).isDuplicate)
    // The decoder has advanced over the duplicate: 4 is a delta from 3.
    #expect(try send(4).outcome == .stored(samples: 1, missing: 0))
    #expect(try send(5, skipping: 3).outcome == .stored(samples: 1, missing: 3))
    let host = try #require(session.host)
    #expect(host.stored("a") == [1, 2, 4, 5])
    let info = host.info(at: .at(9))
    #expect([info.frames, info.duplicateFrames, info.missingFrames] == [4, 1, 3])
    #expect(fleet.counters.duplicates.value == 1)
    #expect(fleet.counters.missing.value == 3)
  }

  /// Two streams of a loop, frame by frame in turn, in the same lists: one with a series, one with many, of which ever
  /// more change.
  @Test func streamsThatShareTheirListsKeepTheirSeriesApart() throws {
    var few = Producer()
    few.add("a")
    var many = Producer()
    many.hostID = String(repeating: "b", count: 32)
    let names = (0..<150).map { "series_\($0)" }
    for name in names { many.add(SeriesDescriptor(name, kind: .gauge)) }
    let lists = FrameLists()
    let sessions = (0..<2).map { _ in IngestSession(fleet: fleet, address: "", listingIn: lists) }
    for value in 1...150 as ClosedRange<Int64> {
      few.set("a", -value)
      for name in names.prefix(Int(value)) { many.set(name, value) }
      let now = Moment.at(Double(value))
      #expect(
        try sessions[0].receive(few.frame(), at: now).outcome == .stored(samples: 1, missing: 0))
      #expect(
        try sessions[1].receive(many.frame(), at: now).outcome
          == .stored(samples: value == 1 ? 150 : Int(value), missing: 0))
    }
    let first = try #require(fleet.host(id: few.hostID))
    let second = try #require(fleet.host(id: many.hostID))
    #expect(first.stored("a") == (1...150).map { -$0 })
    #expect(second.stored("series_0") == Array(1...150))
    #expect(second.stored("series_99") == Array(repeating: 0, count: 99) + Array(100...150))
  }

  @Test func aReplayAfterAReconnectCountsOnce() throws {
    var producer = Producer()
    producer.add("a", "b")
    let first = IngestSession(fleet: fleet, address: "")
    for value in 1...3 as ClosedRange<Int64> {
      producer.set("a", value)
      _ = try first.receive(producer.frame(), at: .at(Double(value)))
    }
    first.ended(at: .at(4))
    // The acknowledgements of 2 and 3 were lost: the new stream opens with 2, as it was then.
    producer.reconnect()
    let second = IngestSession(fleet: fleet, address: "")
    producer.set("a", 2)
    #expect(try second.receive(producer.frame(again: 2), at: .at(5)).isDuplicate)
    producer.set("a", 3)
    let receipt = try second.receive(producer.frame(again: 3), at: .at(5))
    #expect(receipt.isDuplicate)
    #expect(receipt.highest == 3)
    producer.set("a", 4)
    #expect(try second.receive(producer.frame(), at: .at(5)).outcome == .stored(samples: 1, missing: 0))
    let host = try #require(second.host)
    #expect(host.stored("a") == [1, 2, 3, 4])
    #expect(host.info(at: .at(5)).series == 2)
    #expect(second.summary == PushSummary(frames: 3, duplicates: 2, sequence: 4))
  }

  @Test func whatHappenedBetweenTwoStreamsIsNotLost() throws {
    var producer = Producer()
    producer.add("a", "b", "c")
    let first = IngestSession(fleet: fleet, address: "")
    _ = try first.receive(producer.frame(), at: .at(1))
    producer.set("b", 7)
    _ = try first.receive(producer.frame(), at: .at(2))
    first.ended(at: .at(3))
    // While away `b` went back to 0, `c` vanished and `d` came; frames 3 to 6 were dropped.
    producer.set("b", 0)
    producer.remove("c")
    producer.add("d")
    producer.set("d", 9)
    producer.reconnect()
    let second = IngestSession(fleet: fleet, address: "")
    #expect(
      try second.receive(producer.frame(skipping: 4), at: .at(9)).outcome == .stored(samples: 3, missing: 4))
    let host = try #require(second.host)
    #expect(["a", "b", "c", "d"].map(host.latest) == [0, 0, nil, 9])
    // A series keeps its index: the history of `b` is one.
    #expect(host.stored("b") == [0, 7, 0])
    #expect(host.withRecord { $0.series.seriesCount } == 4)
  }

  @Test func aReplayThatLeavesFramesOutIsStoredInFull() throws {
    var producer = Producer()
    producer.add("a", "b")
    let first = IngestSession(fleet: fleet, address: "")
    _ = try first.receive(producer.frame(), at: .at(1))
    producer.set("b", 5)
    _ = try first.receive(producer.frame(), at: .at(2))
    first.ended(at: .at(2))
    // The replay opens with 1, where `b` was 0; 2 was dropped meanwhile; in 3 it is 0 again: no change in this stream.
    producer.reconnect()
    let second = IngestSession(fleet: fleet, address: "")
    producer.set("b", 0)
    _ = try second.receive(producer.frame(again: 1), at: .at(3))
    _ = try second.receive(producer.frame(again: 3), at: .at(4))
    #expect(second.host?.stored("b") == [0, 5, 0])
  }

  @Test func aRestartIsANewEpoch() throws {
    var producer = Producer()
    producer.add("a")
    let first = IngestSession(fleet: fleet, address: "")
    for _ in 1...3 { _ = try first.receive(producer.frame(), at: .at(1)) }
    first.ended(at: .at(2))
    producer.restart()
    producer.instance = "web-one"
    let second = IngestSession(fleet: fleet, address: "")
    #expect(try second.receive(producer.frame(), at: .at(3)).outcome == .stored(samples: 1, missing: 0))
    let host = try #require(second.host)
    #expect(host.info(at: .at(3)).epoch == 2)
    #expect(host.info(at: .at(3)).instance == "web-one")
    #expect(host.info(at: .at(3)).frames == 4)
    #expect(fleet.count == 1)
  }

  @Test func aBadFrameEndsItsOwnStreamOnly() throws {
    var good = Producer()
    good.add("a")
    var bad = good
    bad.hostID = String(repeating: "b", count: 32)
    let goodSession = IngestSession(fleet: fleet, address: "")
    let badSession = IngestSession(fleet: fleet, address: "")
    _ = try goodSession.receive(good.frame(), at: .at(1))
    _ = try badSession.receive(bad.frame(), at: .at(1))
    let status = #expect(throws: Status.self) { try badSession.receive([0xff, 0xff, 0xff], at: .at(2)) }
    #expect(status?.code == .invalidArgument)
    badSession.ended(at: .at(2))
    #expect(try goodSession.receive(good.frame(), at: .at(2)).highest == 2)
    #expect(fleet.counters.streamsRefused.value == 1)
    #expect(fleet.host(id: bad.hostID)?.info(at: .at(2)).frames == 1)
  }

  @Test(arguments: [
    ("", "web", "host_id"), ("ABCDEF0123456789abcdef0123456789", "web", "host_id"), ("aa", "web", "host_id"),
    (Producer.hostID, "", "instance"),
  ])
  func identitiesAreChecked(_ hostID: String, _ instance: String, _ word: String) {
    var producer = Producer()
    producer.hostID = hostID
    producer.instance = instance
    let session = IngestSession(fleet: fleet, address: "")
    let frame = producer.frame()
    let status = #expect(throws: Status.self) { try session.receive(frame, at: .at(1)) }
    #expect(status?.code == .invalidArgument)
    #expect(status?.message.contains(word) == true)
    #expect(fleet.count == 0)
  }

  @Test func aFirstFrameMustSayWhoSpeaks() {
    var producer = Producer()
    _ = producer.frame()
    let session = IngestSession(fleet: fleet, address: "")
    let second = producer.frame()
    #expect(throws: Status.self) { try session.receive(second, at: .at(1)) }
  }

  @Test func aConnectionCarriesOneHost() throws {
    var control = TestedControl(fleet)
    var producer = Producer()
    _ = try control.say(.hello(producer.hello), at: .at(0))
    producer.hostID = String(repeating: "b", count: 32)
    let session = IngestSession(fleet: fleet, address: "")
    let frame = producer.frame()
    let status = #expect(throws: Status.self) {
      try session.receive(frame, speaker: control.session.host, at: .at(1))
    }
    #expect(status?.code == .permissionDenied)
  }

  @Test func seriesBeyondTheLimitAreLeftOutAndCounted() throws {
    var limits = FleetLimits()
    limits.seriesPerHost = 2
    let fleet = Fleet(limits: limits)
    var producer = Producer()
    producer.add("a", "b", "c")
    producer.set("c", 5)
    let session = IngestSession(fleet: fleet, address: "")
    let receipt = try session.receive(producer.frame(), at: .at(1))
    #expect(receipt.seriesRefused == 1)
    #expect(receipt.outcome == .stored(samples: 2, missing: 0))
    producer.set("c", 6)
    producer.set("b", 6)
    #expect(try session.receive(producer.frame(), at: .at(2)).outcome == .stored(samples: 1, missing: 0))
    #expect(session.host?.latest("b") == 6)
    #expect(fleet.counters.seriesRefused.value == 1)
    // A dictionary that never ends is another matter.
    producer.add("d", "e")
    let frame = producer.frame()
    let status = #expect(throws: Status.self) { try session.receive(frame, at: .at(3)) }
    #expect(status?.code == .resourceExhausted)
  }

  @Test func anotherDivisorIsAnotherSeries() throws {
    var producer = Producer([SeriesDescriptor("ticks", kind: .counter, divisor: 100)])
    producer.set("ticks", 500)
    let first = IngestSession(fleet: fleet, address: "")
    _ = try first.receive(producer.frame(), at: .at(1))
    #expect(first.host?.latest("ticks") == 5)
    first.ended(at: .at(1))
    var upgraded = Producer([SeriesDescriptor("ticks", kind: .counter, divisor: 1000)])
    upgraded.epoch = 2
    upgraded.set("ticks", 5000)
    let second = IngestSession(fleet: fleet, address: "")
    _ = try second.receive(upgraded.frame(), at: .at(2))
    #expect(second.host?.latest("ticks") == 5)
    #expect(second.host?.info(at: .at(2)).series == 1)
  }

  @Test func lagIsCorrectedByTheClockOffset() throws {
    var producer = Producer()
    producer.add("a")
    var control = TestedControl(fleet)
    _ = try control.say(.hello(producer.hello), at: .at(0))
    // The host's clock is two minutes slow, and says so.
    producer.wallMicroseconds -= 120_000_000
    let heartbeat = Heartbeat(
      id: 1, wallTimeMicroseconds: 0, clockOffsetMicroseconds: 120_000_000, roundTripMicroseconds: 300,
      intervalMilliseconds: 1000)
    _ = try control.say(.heartbeat(heartbeat), at: .at(0.5))
    let session = IngestSession(fleet: fleet, address: "")
    _ = try session.receive(producer.frame(), at: .at(1.25))
    #expect(session.host?.info(at: .at(2)).lagMicroseconds == 250_000)
    #expect(session.host?.info(at: .at(2)).clockOffsetMicroseconds == 120_000_000)
  }
}
