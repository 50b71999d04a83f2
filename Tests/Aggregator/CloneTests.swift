import GRPC
import Testing
import Wire

@testable import Aggregator

/// Two who say they are one host.
@Suite struct CloneTests {
  private let fleet = Fleet()
  private let hello = Producer().hello

  private func host() -> HostInfo? { fleet.host(id: Producer.hostID)?.info(at: .at(9)) }

  @Test func whoeverAnswersTheProbeStays() throws {
    var old = TestedControl(fleet, from: "192.0.2.1:1")
    var new = TestedControl(fleet, from: "192.0.2.2:2")
    _ = try old.say(.hello(hello), at: .at(1))
    // The newcomer waits, and has no say.
    #expect(try new.say(.hello(hello), at: .at(2)) == [])
    #expect(new.session.host == nil)
    #expect(new.session.deadline == Moment.at(5).instant)
    #expect(host()?.address == "192.0.2.1:1")
    guard case .probe(let probe) = try old.open(at: .at(2)).first else { return #expect(Bool(false)) }
    _ = try old.say(.probeReply(probe), at: .at(2.1))
    let reason = "host_id \(Producer.hostID) is in use: web-1 at 192.0.2.1:1 has it, and is alive"
    #expect(try new.open(at: .at(2.1)) == [.rekey(reason: reason)])
    #expect(new.end == Status(.aborted, "\(reason); take another host_id, and come back with it"))
    #expect(fleet.counters.clonesRekeyed.value == 1)
    new.session.ended(at: .at(2.2))
    #expect(host()?.state == .stale)
    #expect(old.end == nil)
    // It comes back as another host, and both are shown.
    var again = TestedControl(fleet, from: "192.0.2.2:3")
    var rekeyed = Producer()
    rekeyed.hostID = String(repeating: "b", count: 32)
    rekeyed.rekeyedFrom = Producer.hostID
    _ = try again.say(.hello(rekeyed.hello), at: .at(3))
    #expect(fleet.hosts.map { $0.info(at: .at(3)).clonedFrom } == ["", Producer.hostID])
  }

  @Test func whoeverIsSilentLosesItsPlace() throws {
    var old = TestedControl(fleet, from: "192.0.2.1:1")
    var new = TestedControl(fleet, from: "192.0.2.2:2")
    _ = try old.say(.hello(hello), at: .at(1))
    _ = try new.say(.hello(hello), at: .at(2))
    #expect(try new.tick(at: .at(4.999)) == [])
    guard case .welcome = try new.tick(at: .at(5)).first else { return #expect(Bool(false)) }
    #expect(new.session.greeting == Greeting(isNewHost: false, supersedes: true))
    #expect(host()?.address == "192.0.2.2:2")
    // The old one is told, and what it still says is nobody's word.
    _ = try old.open(at: .at(5))
    #expect(old.end?.code == .aborted)
    let heartbeat = Heartbeat(id: 1, wallTimeMicroseconds: 1, framesBuffered: 77, intervalMilliseconds: 1000)
    #expect(try old.say(.heartbeat(heartbeat), at: .at(6)) == [])
    _ = try old.say(.goodbye(Goodbye(reason: "")), at: .at(6))
    old.session.ended(at: .at(6))
    #expect(host()?.bufferedFrames == 0)
    #expect(host()?.state != .stopped)
    // A late answer changes nothing.
    #expect(try new.open(at: .at(7)) == [])
    #expect(new.end == nil)
  }

  @Test func whenTheOldStreamEndsTheNewcomerIsWelcome() throws {
    let hooks = StageHooks()
    fleet.install(hooks, at: .at(0))
    var old = TestedControl(fleet)
    var new = TestedControl(fleet)
    _ = try old.say(.hello(hello), at: .at(1))
    _ = try new.say(.hello(hello), at: .at(2))
    old.session.ended(at: .at(3))
    guard case .welcome = try new.open(at: .at(3)).first else { return #expect(Bool(false)) }
    #expect(new.session.greeting?.supersedes == false)
    #expect(hooks.news() == ["changed web-1 []", "attached unknown", "detached", "attached unknown"])
  }

  @Test func aGoodbyeMakesRoomAtOnce() throws {
    var old = TestedControl(fleet)
    var new = TestedControl(fleet)
    _ = try old.say(.hello(hello), at: .at(1))
    _ = try old.say(.goodbye(Goodbye(reason: "SIGTERM")), at: .at(2))
    guard case .welcome = try new.say(.hello(hello), at: .at(2)).first else { return #expect(Bool(false)) }
    _ = try old.open(at: .at(2))
    #expect(old.end == nil)
    #expect(host()?.state != .stopped)
  }

  @Test func anotherMachineIsToldAtOnceAlsoWhenTheFirstIsGone() throws {
    var first = Producer()
    first.machineSHA256 = [UInt8](repeating: 1, count: 32)
    var old = TestedControl(fleet, from: "192.0.2.1:1")
    _ = try old.say(.hello(first.hello), at: .at(1))
    old.session.ended(at: .at(2))
    first.machineSHA256 = [UInt8](repeating: 2, count: 32)
    var new = TestedControl(fleet)
    let reason =
      "host_id \(Producer.hostID) belongs to another machine, web-1, last seen from 192.0.2.1:1"
    #expect(try new.say(.hello(first.hello), at: .at(100)) == [.rekey(reason: reason)])
    // One that does not say is believed.
    first.machineSHA256 = []
    var third = TestedControl(fleet)
    guard case .welcome = try third.say(.hello(first.hello), at: .at(101)).first else {
      return #expect(Bool(false))
    }
  }

  @Test func manyNewcomersTakeTurns() throws {
    var old = TestedControl(fleet)
    _ = try old.say(.hello(hello), at: .at(1))
    var crowd = (0..<Fleet.maximumContestants).map { _ in TestedControl(fleet) }
    for index in crowd.indices { #expect(try crowd[index].say(.hello(hello), at: .at(2)) == []) }
    var late = TestedControl(fleet)
    let status = #expect(throws: Status.self) { try late.say(.hello(hello), at: .at(2)) }
    #expect(status?.code == .unavailable)
    // The first takes the silent one's place; the others have to do with the first.
    guard case .welcome = try crowd[0].tick(at: .at(5)).first else { return #expect(Bool(false)) }
    for index in crowd.indices.dropFirst() { #expect(try crowd[index].open(at: .at(5)) == []) }
    #expect(try crowd[1].tick(at: .at(5.1)) == [])
    let probes = try crowd[0].open(at: .at(5.1))
    #expect(probes.count == crowd.count - 1)
    for case .probe(let id) in probes { _ = try crowd[0].say(.probeReply(id), at: .at(5.2)) }
    for index in crowd.indices.dropFirst() {
      guard case .rekey = try crowd[index].open(at: .at(5.2)).first else { return #expect(Bool(false)) }
    }
    #expect(fleet.host(id: Producer.hostID)?.withRecord { $0.contestants.count } == 0)
  }

  @Test func whoeverLeavesWhileWaitingIsForgotten() throws {
    var old = TestedControl(fleet)
    var new = TestedControl(fleet)
    _ = try old.say(.hello(hello), at: .at(1))
    _ = try new.say(.hello(hello), at: .at(2))
    new.session.ended(at: .at(2.5))
    #expect(fleet.host(id: Producer.hostID)?.withRecord { $0.contestants.count } == 0)
    guard case .probe(let probe) = try old.open(at: .at(3)).first else { return #expect(Bool(false)) }
    _ = try old.say(.probeReply(probe), at: .at(3))
    #expect(try new.open(at: .at(3)) == [])
    #expect(fleet.counters.clonesRekeyed.value == 0)
  }
}
