import GRPC
import Logging
import Records
import Testing
import Wire

@testable import Aggregator

/// Who belongs to the fleet: retired, expected, and remembered hosts.
@Suite struct RosterTests {
  private let stage = Stage()

  private func collector(_ number: Int, _ change: (inout Producer) -> Void = { _ in }) -> StageCollector {
    var producer = Producer()
    producer.hostID = String(repeating: "\(number)", count: 32)
    producer.instance = "host-\(number)"
    change(&producer)
    return StageCollector(producer, on: stage.connect(), of: stage)
  }

  private func list(_ selector: String = "") -> [String] {
    let heard = stage.connect().call(MusterService.listHosts, ListHostsRequest(selector: selector))
    stage.settle()
    return heard.messages.first?.hosts.map { "\($0.instance) \($0.state)" } ?? ["\(heard.status as Any)"]
  }

  private func retire(
    _ selector: String, undo: Bool = false
  ) -> Heard<RetireHostsRequest, RetireHostsResponse> {
    let heard = stage.connect().call(
      MusterService.retireHosts,
      RetireHostsRequest(selector: selector, author: "ann", message: "sold", undo: undo))
    stage.settle()
    return heard
  }

  private func expect(
    _ instances: [String], undo: Bool = false
  ) -> Heard<ExpectHostsRequest, ExpectHostsResponse> {
    let heard = stage.connect().call(
      MusterService.expectHosts, ExpectHostsRequest(instances: instances, author: "ann", undo: undo))
    stage.settle()
    return heard
  }

  @Test func aHostIsRetiredAndComesBack() {
    let hooks = StageHooks()
    stage.fleet.install(hooks, at: stage.clock.now)
    _ = collector(1)
    _ = collector(2)
    _ = hooks.news()
    #expect(retire("instance=host-1").messages == [RetireHostsResponse(instances: ["host-1"])])
    #expect(list() == ["host-1 retired", "host-2 online"])
    #expect(hooks.news() == ["changed host-1 [] retired"])
    #expect(stage.store.hosts.values.map(\.isRetired) == [true])
    let entry = stage.store.entries[1]
    #expect(entry?.action == "hosts.retire")
    #expect(entry?.summary == "1 retired")
    #expect(entry?.message == "sold")
    #expect(entry?.host.map(\.instance) == ["host-1"])
    // Again changes nothing, and is no error.
    #expect(retire("instance=host-1").messages == [RetireHostsResponse()])
    #expect(stage.store.entries.count == 1)
    #expect(retire("instance=host-1", undo: true).messages.first?.instances == ["host-1"])
    #expect(list() == ["host-1 online", "host-2 online"])
    #expect(retire("").status?.code == .invalidArgument)
    #expect(retire("a==").status?.code == .invalidArgument)
    stage.store.failure = RecordsFailure(message: "no")
    #expect(retire("instance=host-1").status?.code == .unavailable)
    #expect(list() == ["host-1 online", "host-2 online"])
  }

  @Test func anExpectedHostIsShownUntilItComes() {
    _ = collector(1)
    let watch = stage.connect().call(MusterService.watchHosts, WatchHostsRequest(intervalMilliseconds: 100))
    stage.settle()
    _ = watch.news()
    #expect(
      expect(["host-3", "host-2", "host-3", "host-1"]).messages.first?.instances == ["host-3", "host-2"])
    #expect(list() == ["host-1 online", "host-2 expected", "host-3 expected"])
    #expect(list("instance=host-3") == ["host-3 expected"])
    #expect(list("env=prod") == [])
    stage.advance(0.1)
    func told() -> [String] {
      watch.news().flatMap(\.hosts).map { "\($0.hostID.isEmpty ? "-" : "") \($0.instance) \($0.state)" }
    }
    #expect(told() == ["- host-2 expected", "- host-3 expected"])
    stage.fleet.unsaved.begin()
    _ = collector(2)
    stage.advance(0.1)
    #expect(told() == [" host-2 online", "- host-2 unknown"])
    #expect(stage.fleet.unsaved.take().met == ["host-2"])
    #expect(expect(["host-3", "host-9"], undo: true).messages.first?.instances == ["host-3"])
    stage.advance(0.1)
    #expect(told() == ["- host-3 unknown"])
    #expect(list() == ["host-1 online", "host-2 online"])
    #expect(expect([]).status?.code == .invalidArgument)
    #expect(expect([""]).status?.code == .invalidArgument)
    #expect(stage.store.entries.values.map(\.action).sorted() == ["hosts.expect", "hosts.unexpect"])
  }

  @Test func aWatchBeginsWithThoseExpected() {
    _ = expect(["host-1"])
    let watch = stage.connect().call(MusterService.watchHosts, WatchHostsRequest())
    stage.settle()
    #expect(watch.messages.map(\.initial) == [true])
    #expect(watch.messages.first?.hosts.map(\.state) == [.expected])
    let other = stage.connect().call(MusterService.watchHosts, WatchHostsRequest(selector: "env=prod"))
    stage.settle()
    #expect(other.messages.map(\.hosts) == [[]])
  }

  @Test func hostsAreWrittenDownASecondsChangesTogether() throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    HostKeeper(fleet: stage.fleet, store: stage.store, clock: stage.clock, logger: logger).run()
    var one = collector(1) { $0.machineSHA256 = [UInt8](repeating: 7, count: 32) }
    let two = collector(2)
    for _ in 1...10 { one.send(on: stage) }
    #expect(stage.store.commits == [])
    stage.advance(1)
    #expect(stage.store.commits.map(\.count) == [2])
    stage.advance(10)
    #expect(stage.store.commits.count == 1)
    two.say(.goodbye(Goodbye(reason: "SIGTERM")), on: stage)
    two.line.cut(at: stage.clock.now)
    stage.advance(1)
    #expect(stage.store.commits.count == 2)
    let stored = try #require(stage.store.hosts[two.producer.hostID])
    #expect(stored.goodbyeReason == "SIGTERM")
    #expect(stored.lastSeenMicroseconds == Moment.at(11).wallMicroseconds)
    // Those that are connected are written down now and then, for the time.
    stage.advance(60)
    #expect(
      stage.store.hosts[one.producer.hostID]?.lastSeenMicroseconds ?? 0 >= Moment.at(60).wallMicroseconds)
    // What cannot be written waits.
    stage.store.failure = RecordsFailure(message: "no")
    one.line.cut(at: stage.clock.now)
    stage.advance(3)
    let before = stage.store.commits.count
    stage.store.failure = nil
    stage.advance(1)
    #expect(stage.store.commits.count == before + 1)
    // A host that is forgotten is forgotten on the disk too.
    stage.fleet.forgetAbsent(at: .at(200_000))
    stage.advance(1)
    #expect(stage.store.hosts.isEmpty)
  }

  @Test func aRestartRemembersTheFleet() throws {
    let machine = [UInt8](repeating: 7, count: 32)
    let hosts = [
      StoredHost(
        hostID: String(repeating: "1", count: 32), instance: "host-1", labels: [Label("env", "prod")],
        machineSHA256: machine, epoch: 5, kernelRelease: "6.1", address: "192.0.2.9:9",
        firstSeenMicroseconds: 1, lastSeenMicroseconds: stage.clock.now.wallMicroseconds - 1000,
        clonedFrom: "x", intervalMilliseconds: 1000),
      StoredHost(
        hostID: String(repeating: "2", count: 32), instance: "host-2",
        lastSeenMicroseconds: stage.clock.now.wallMicroseconds - 3_600_000_000, goodbyeReason: "SIGTERM"),
      StoredHost(
        hostID: String(repeating: "3", count: 32), instance: "host-3",
        lastSeenMicroseconds: stage.clock.now.wallMicroseconds, isRetired: true),
    ]
    stage.fleet.restore(hosts, [StoredExpectation(instance: "host-4")], at: stage.clock.now)
    let hooks = StageHooks()
    stage.fleet.install(hooks, at: stage.clock.now)
    #expect(hooks.news() == ["changed host-1 [env=prod]", "changed host-2 []", "changed host-3 [] retired"])
    #expect(list() == ["host-1 offline", "host-2 stopped", "host-3 retired", "host-4 expected"])
    let info = try #require(stage.fleet.host(id: hosts[0].hostID)).info(at: stage.clock.now)
    #expect(info.lastFrameMicroseconds == hosts[0].lastSeenMicroseconds)
    #expect(info.kernelRelease == "6.1")
    #expect(info.address == "192.0.2.9:9")
    #expect(info.clonedFrom == "x")
    #expect(info.epoch == 5)
    // What is written again is what was read.
    let again = stage.fleet.host(id: hosts[0].hostID)?.stored(at: stage.clock.now)
    #expect(again == hosts[0])
    // Another machine with the id is noticed over the restart.
    let thief = collector(1) { $0.machineSHA256 = [UInt8](repeating: 8, count: 32) }
    guard case .rekey = thief.control.news().first else { return #expect(Bool(false)) }
    #expect(thief.control.status?.code == .aborted)
    _ = collector(1) { $0.machineSHA256 = machine }
    #expect(list("instance=host-1") == ["host-1 online"])
    // Retirement is an operator's word, and holds when the host comes.
    _ = collector(3)
    #expect(list("instance=host-3") == ["host-3 retired"])
  }

  @Test func theOnesSeenLastFit() {
    var limits = FleetLimits()
    limits.hosts = 2
    let fleet = Fleet(limits: limits)
    let hosts = (1...3).map { number in
      StoredHost(
        hostID: String(repeating: "\(number)", count: 32), instance: "host-\(number)",
        lastSeenMicroseconds: Moment.at(Double(number)).wallMicroseconds)
    }
    fleet.restore(hosts, [], at: .at(10))
    #expect(fleet.hosts.map { $0.info(at: .at(10)).instance } == ["host-2", "host-3"])
  }

  @Test func hostsAreFoundByNameOrID() throws {
    let one = collector(1)
    _ = collector(2) { $0.instance = "twin" }
    _ = collector(3) { $0.instance = "twin" }
    _ = expect(["host-9"])
    #expect(try stage.fleet.find(host: "host-1").id == one.producer.hostID)
    #expect(try stage.fleet.find(host: one.producer.hostID).id == one.producer.hostID)
    #expect(throws: Status.self) { try stage.fleet.find(host: "twin") }
    let expected = #expect(throws: Status.self) { try stage.fleet.find(host: "host-9") }
    #expect(expected == Status(.notFound, "host-9 is expected and has never been seen"))
  }

  @Test func theAuditLogIsRead() {
    for number in 1...5 { _ = expect(["new-\(number)"]) }
    let heard = stage.connect().call(MusterService.listAudit, ListAuditRequest(limit: 3))
    let wrong = stage.connect().call(MusterService.listAudit, ListAuditRequest(limit: 100_001))
    stage.settle()
    #expect(heard.messages.map(\.id) == [5, 4, 3])
    #expect(heard.status == .ok)
    #expect(wrong.status?.code == .invalidArgument)
    stage.store.failure = RecordsFailure(message: "muster.db: the disk fails")
    let failed = stage.connect().call(MusterService.listAudit, ListAuditRequest())
    stage.settle()
    #expect(failed.status == Status(.unavailable, "the aggregator's records: muster.db: the disk fails"))
  }
}
