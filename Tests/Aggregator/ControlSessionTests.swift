import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct ControlSessionTests {
  private let fleet = Fleet()

  @Test func aTranscript() throws {
    var session = ControlSession(fleet: fleet, address: "192.0.2.1:4")
    let producer = Producer()
    #expect(
      try session.receive(.hello(producer.hello), at: .at(1))
        == .welcome(
          Welcome(
            aggregatorVersion: MusterVersion.current, wallTimeMicroseconds: Moment.at(1).wallMicroseconds,
            acknowledgedSequence: 0)))
    #expect(session.greeting == ControlSession.Greeting(isNewHost: true, supersedes: false))
    let host = try #require(session.host)
    #expect(host.info(at: .at(1)).state == .online)
    #expect(host.info(at: .at(1)).kernelRelease == "6.1")
    #expect(host.info(at: .at(1)).collectorVersion == "1.2.3")
    #expect(host.info(at: .at(1)).connectedSinceMicroseconds == Moment.at(1).wallMicroseconds)

    let heartbeat = Heartbeat(
      id: 9, wallTimeMicroseconds: 5, framesBuffered: 3, framesDropped: 2, intervalMilliseconds: 250)
    #expect(
      try session.receive(.heartbeat(heartbeat), at: .at(2))
        == .heartbeat(HeartbeatReply(id: 9, wallTimeMicroseconds: Moment.at(2).wallMicroseconds)))
    #expect(host.info(at: .at(2)).bufferedFrames == 3)
    #expect(host.info(at: .at(2)).droppedFrames == 2)
    #expect(host.info(at: .at(2)).intervalMilliseconds == 250)

    #expect(try session.receive(.goodbye(Goodbye(reason: "SIGTERM")), at: .at(3)) == nil)
    #expect(host.info(at: .at(3)).state == .stopped)
    session.ended(at: .at(3))
    session.ended(at: .at(3))
    #expect(host.info(at: .at(9999)).state == .stopped)
    #expect(host.info(at: .at(9999)).goodbyeReason == "SIGTERM")
  }

  @Test(arguments: [
    CollectorEvent.heartbeat(Heartbeat(id: 1, wallTimeMicroseconds: 1, intervalMilliseconds: 1)),
    .goodbye(Goodbye(reason: "")),
  ])
  func helloComesFirst(_ event: CollectorEvent) {
    var session = ControlSession(fleet: fleet, address: "")
    let status = #expect(throws: Status.self) { try session.receive(event, at: .at(1)) }
    #expect(status == Status(.failedPrecondition, "the first event of a control stream must be Hello"))
    #expect(fleet.count == 0)
  }

  @Test func helloComesOnce() throws {
    var session = ControlSession(fleet: fleet, address: "")
    _ = try session.receive(.hello(Producer().hello), at: .at(1))
    let status = #expect(throws: Status.self) { try session.receive(.hello(Producer().hello), at: .at(1)) }
    #expect(status?.code == .failedPrecondition)
  }

  @Test func aWelcomeSaysWhatHasArrivedOfTheEpoch() throws {
    var producer = Producer()
    let ingest = IngestSession(fleet: fleet, address: "")
    for _ in 1...4 { _ = try ingest.receive(producer.frame(), at: .at(1)) }
    func welcome(_ hello: Hello) throws -> UInt64? {
      var session = ControlSession(fleet: fleet, address: "")
      defer { session.ended(at: .at(3)) }
      guard case .welcome(let welcome) = try session.receive(.hello(hello), at: .at(2)) else { return nil }
      return welcome.acknowledgedSequence
    }
    #expect(try welcome(producer.hello) == 4)
    producer.restart()
    #expect(try welcome(producer.hello) == 0)
  }

  @Test func theNewestHelloSpeaksForTheHost() throws {
    let producer = Producer()
    var old = ControlSession(fleet: fleet, address: "192.0.2.1:1")
    var new = ControlSession(fleet: fleet, address: "192.0.2.2:2")
    _ = try old.receive(.hello(producer.hello), at: .at(1))
    _ = try new.receive(.hello(producer.hello), at: .at(2))
    #expect(new.greeting == ControlSession.Greeting(isNewHost: false, supersedes: true))
    #expect(fleet.counters.doubleAttachments.value == 1)
    // What the old one still says is not the host's word any more; it is answered nevertheless.
    let heartbeat = Heartbeat(id: 1, wallTimeMicroseconds: 1, framesBuffered: 77, intervalMilliseconds: 1000)
    #expect(try old.receive(.heartbeat(heartbeat), at: .at(3)) != nil)
    #expect(old.host?.info(at: .at(3)).bufferedFrames == 0)
    _ = try old.receive(.goodbye(Goodbye(reason: "")), at: .at(3))
    old.ended(at: .at(3))
    #expect(new.host?.info(at: .at(3)).state == .online)
    #expect(new.host?.info(at: .at(3)).address == "192.0.2.2:2")
    // Once it is gone, nothing is left of it.
    var third = ControlSession(fleet: fleet, address: "")
    new.ended(at: .at(4))
    _ = try third.receive(.hello(producer.hello), at: .at(5))
    #expect(third.greeting?.supersedes == false)
  }
}
