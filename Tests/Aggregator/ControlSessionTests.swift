import GRPC
import Testing
import Wire

@testable import Aggregator

@Suite struct ControlSessionTests {
  private let fleet = Fleet()

  @Test func aTranscript() throws {
    var control = TestedControl(fleet, from: "192.0.2.1:4")
    let producer = Producer()
    #expect(
      try control.say(.hello(producer.hello), at: .at(1)) == [
        .welcome(
          Welcome(
            aggregatorVersion: MusterVersion.current, wallTimeMicroseconds: Moment.at(1).wallMicroseconds,
            acknowledgedSequence: 0))
      ])
    #expect(control.session.greeting == Greeting(isNewHost: true, supersedes: false))
    let host = try #require(control.session.host)
    #expect(host.info(at: .at(1)).state == .online)
    #expect(host.info(at: .at(1)).kernelRelease == "6.1")
    #expect(host.info(at: .at(1)).collectorVersion == "1.2.3")
    #expect(host.info(at: .at(1)).connectedSinceMicroseconds == Moment.at(1).wallMicroseconds)

    let heartbeat = Heartbeat(
      id: 9, wallTimeMicroseconds: 5, framesBuffered: 3, framesDropped: 2, intervalMilliseconds: 250,
      shedding: "the recorder is off")
    #expect(
      try control.say(.heartbeat(heartbeat), at: .at(2))
        == [.heartbeat(HeartbeatReply(id: 9, wallTimeMicroseconds: Moment.at(2).wallMicroseconds))])
    #expect(host.info(at: .at(2)).bufferedFrames == 3)
    #expect(host.info(at: .at(2)).droppedFrames == 2)
    #expect(host.info(at: .at(2)).shedding == "the recorder is off")
    #expect(host.info(at: .at(2)).intervalMilliseconds == 250)

    #expect(try control.say(.goodbye(Goodbye(reason: "SIGTERM")), at: .at(3)) == [])
    #expect(host.info(at: .at(3)).state == .stopped)
    control.session.ended(at: .at(3))
    control.session.ended(at: .at(3))
    #expect(host.info(at: .at(9999)).state == .stopped)
    #expect(host.info(at: .at(9999)).goodbyeReason == "SIGTERM")
  }

  @Test(arguments: [
    CollectorEvent.heartbeat(Heartbeat(id: 1, wallTimeMicroseconds: 1, intervalMilliseconds: 1)),
    .goodbye(Goodbye(reason: "")), .probeReply(1), .result(CommandResult(id: "1")),
  ])
  func helloComesFirst(_ event: CollectorEvent) {
    var control = TestedControl(fleet)
    let status = #expect(throws: Status.self) { try control.say(event, at: .at(1)) }
    #expect(status == Status(.failedPrecondition, "the first event of a control stream must be Hello"))
    #expect(fleet.count == 0)
  }

  @Test func aSecondHelloIsTheSameHostAsThingsStand() throws {
    var control = TestedControl(fleet)
    var producer = Producer()
    _ = try control.say(.hello(producer.hello), at: .at(1))
    producer.labels = [Label("env", "prod")]
    producer.forbiddenCommands = ["shutdown"]
    #expect(try control.say(.hello(producer.hello), at: .at(2)) == [])
    let info = try #require(control.session.host).info(at: .at(2))
    #expect(info.labels == [Label("env", "prod")])
    #expect(info.forbiddenCommands == ["shutdown"])
    for change in [\Producer.epoch, \Producer.bootID] as [PartialKeyPath<Producer>] {
      var other = producer
      if change == \Producer.epoch { other.epoch += 1 } else { other.bootID = "boot-2" }
      let status = #expect(throws: Status.self) { try control.say(.hello(other.hello), at: .at(3)) }
      #expect(status?.code == .failedPrecondition)
    }
  }

  @Test func aGapIsAnsweredWithReportAll() throws {
    var control = TestedControl(fleet)
    let hello = Producer().hello
    let heartbeat = CollectorEvent.Body.heartbeat(
      Heartbeat(id: 1, wallTimeMicroseconds: 1, intervalMilliseconds: 1000))
    func say(_ sequence: UInt64, _ body: CollectorEvent.Body) throws -> [AggregatorCommand] {
      try control.say(CollectorEvent(sequence: sequence, body: body), at: .at(1))
    }
    #expect(try say(1, .hello(hello)).count == 1)
    #expect(try say(2, heartbeat).count == 1)
    // 3 and 4 are missing.
    #expect(try say(5, heartbeat).first == .reportAll)
    #expect(fleet.counters.eventsMissing.value == 2)
    #expect(try say(6, .hello(hello)) == [])
    #expect(try say(7, heartbeat).count == 1)
    // A Hello that comes after a gap says all that is to be said.
    #expect(try say(9, .hello(hello)) == [])
    // Who does not count is not counted.
    #expect(try say(0, heartbeat).count == 1)
    let status = #expect(throws: Status.self) { try say(9, heartbeat) }
    #expect(
      status
        == Status(.invalidArgument, "event 9 after event 9: events of a control stream count upwards"))
  }

  @Test func aWelcomeSaysWhatHasArrivedOfTheEpoch() throws {
    var producer = Producer()
    let ingest = IngestSession(fleet: fleet, address: "")
    for _ in 1...4 { _ = try ingest.receive(producer.frame(), at: .at(1)) }
    func welcome(_ hello: Hello) throws -> UInt64? {
      var control = TestedControl(fleet)
      defer { control.session.ended(at: .at(3)) }
      guard case .welcome(let welcome) = try control.say(.hello(hello), at: .at(2)).first else { return nil }
      return welcome.acknowledgedSequence
    }
    #expect(try welcome(producer.hello) == 4)
    producer.restart()
    #expect(try welcome(producer.hello) == 0)
  }

  @Test func steeringHearsOfIt() throws {
    let hooks = StageHooks()
    var producer = Producer()
    fleet.install(hooks, at: .at(0))
    var control = TestedControl(fleet)
    var hello = producer.hello
    hello.configStatus = ConfigStatus(state: .applied)
    _ = try control.say(.hello(hello), at: .at(1))
    #expect(hooks.news() == ["changed web-1 []", "attached applied"])
    _ = try control.say(.configStatus(ConfigStatus(state: .failed)), at: .at(2))
    producer.labels = [Label("env", "prod")]
    _ = try control.say(.hello(producer.hello), at: .at(2))
    #expect(hooks.news() == ["status failed", "changed web-1 [env=prod]", "status unknown"])
    _ = try control.say(.goodbye(Goodbye(reason: "")), at: .at(3))
    control.session.ended(at: .at(3))
    #expect(hooks.news() == ["detached with goodbye"])
    fleet.forgetAbsent(at: .at(200_000))
    #expect(hooks.news() == ["forgotten"])
  }

  @Test func theAggregatorsOwnRowIsNoCollector() throws {
    let hooks = StageHooks()
    fleet.install(hooks, at: .at(0))
    var control = TestedControl(fleet, isOwn: true)
    _ = try control.say(.hello(Producer().hello), at: .at(1))
    #expect(hooks.news() == [])
    let status = #expect(throws: Status.self) { try fleet.collectors(selectedBy: "") }
    #expect(status == Status(.failedPrecondition, "the fleet has no hosts yet"))
    var thief = TestedControl(fleet)
    #expect(
      try thief.say(.hello(Producer().hello), at: .at(2))
        == [.rekey(reason: "host_id \(Producer.hostID) is the aggregator's own")])
  }
}
