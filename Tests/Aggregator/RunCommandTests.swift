import GRPC
import Records
import Steering
import Testing
import Wire

@testable import Aggregator

@Suite struct RunCommandTests {
  private let stage = Stage()
  private typealias Run = Heard<RunCommandRequest, RunUpdate>

  private func collector(_ number: Int, _ change: (inout Producer) -> Void = { _ in }) -> StageCollector {
    var producer = Producer()
    producer.hostID = String(repeating: "\(number)", count: 32)
    producer.instance = "host-\(number)"
    change(&producer)
    return StageCollector(producer, on: stage.connect(), of: stage)
  }

  private func start(
    _ action: Action = .ping, on selector: String = "", _ change: (inout RunCommandRequest) -> Void = { _ in }
  ) -> Run {
    var request = RunCommandRequest(selector: selector, action: action, author: "ann", message: "why not")
    change(&request)
    let run = stage.connect().call(MusterService.runCommand, request)
    stage.settle()
    return run
  }

  private func told(_ run: Run) -> [String] {
    run.news().map { update in
      if let result = update.result { return "\(update.instance) \(result.outcome)" }
      if case .text(let text) = update.output?.content { return "\(update.instance): \(text)" }
      return update.progress?.summary ?? "?"
    }
  }

  private func answer(_ collector: StageCollector, _ command: Command, _ outcome: CommandOutcome = .ok) {
    collector.say(.result(CommandResult(id: command.id, outcome: outcome)), on: stage)
  }

  /// Large parts of output, then the result. They are not as large as they are said to be: the test is to be quick.
  private func putOut(_ parts: UInt32, by host: StageCollector, _ id: String) {
    let text = String(repeating: "x", count: 20_000)
    for part in 0..<parts {
      stage.fleet.output(
        CommandOutput(id: id, part: part, content: .text(text)), bytes: 250_000,
        from: stage.fleet.host(id: host.producer.hostID))
    }
    host.say(.result(CommandResult(id: id, outcome: .ok)), on: stage)
  }

  @Test func aRunFromAskingToTheAuditLog() throws {
    let one = collector(1)
    let two = collector(2)
    let run = start(.sampleNow(pattern: "node_load*"))
    #expect(told(run) == ["0 of 2 ok, 2 without a result"])
    let commands = [one, two].map { $0.commands() }
    let command = try #require(commands[0].first)
    #expect(commands == [[command], [command]])
    #expect(command.action == .sampleNow(pattern: "node_load*"))
    #expect(command.timeoutMilliseconds == 30_000)
    #expect(command.timeToLiveMilliseconds == 30_000)
    #expect(command.outputLimitBytes == 1 << 20)
    #expect(command.role == .view)
    // It was written down before it was sent.
    #expect(stage.store.runs[1]?.outcome == "running")
    #expect(stage.store.entries[1]?.outcome == "running")

    one.say(.output(CommandOutput(id: command.id, content: .text("hello"))), on: stage)
    answer(one, command)
    #expect(told(run) == ["host-1: hello", "host-1 ok"])
    answer(two, command, .refused)
    #expect(told(run) == ["host-2 refused"])
    #expect(run.status == .ok)
    #expect(run.messages == [])
    let entry = try #require(stage.store.entries[1])
    #expect(entry.author == "ann")
    #expect(entry.action == "run.sample-now")
    #expect(entry.detail == "sample-now pattern=node_load*")
    #expect(entry.message == "why not")
    #expect(entry.outcome == "failed")
    #expect(entry.summary == "1 of 2 ok, 1 refused")
    #expect(entry.hosts == 2)
    #expect(entry.host.map(\.outcome) == ["refused", "ok"])
    #expect(entry.address == "192.0.2.1:40000")
    #expect(stage.store.runs[1]?.outcome == "failed")
    #expect(stage.runs.openCount == 0)
    #expect(stage.runs.openCount == 0)
    #expect(stage.openCalls.count == 4)
  }

  @Test func whoCannotIsSaidAtOnce() {
    let reachable = collector(1)
    let gone = collector(2)
    gone.line.cut(at: stage.clock.now)
    _ = collector(3) { $0.capabilities = ["sample-now"] }
    let run = start()
    #expect(
      told(run) == [
        "0 of 3 ok, 3 without a result", "host-2 unreachable", "host-3 unsupported",
      ])
    answer(reachable, reachable.commands()[0])
    #expect(told(run) == ["host-1 ok"])
    #expect(run.status == .ok)
    #expect(stage.store.entries[1]?.summary == "1 of 3 ok, 1 failed, 1 unreachable")
  }

  @Test func aLostConnectionIsALostResult() {
    let one = collector(1)
    let run = start()
    one.line.cut(at: stage.clock.now)
    stage.settle()
    #expect(told(run).last == "host-1 lost")
    #expect(run.status == .ok)
  }

  @Test func whatTakesTooLongIsTimedOutAndCancelled() {
    let one = collector(1)
    let run = start { $0.timeoutMilliseconds = 500 }
    let command = one.commands()[0]
    stage.advance(0.499)
    #expect(run.status == nil)
    stage.advance(0.001)
    #expect(told(run).last == "host-1 timedOut")
    #expect(run.status == .ok)
    #expect(one.control.news() == [.cancel(id: command.id)])
    // What comes now is nobody's.
    answer(one, command)
    one.say(.output(CommandOutput(id: command.id, content: .text("late"))), on: stage)
    #expect(stage.fleet.counters.outputsRefused.value == 1)
    #expect(one.control.status == nil)
  }

  @Test func whoeverLeavesCancels() throws {
    let one = collector(1)
    let two = collector(2)
    let run = start()
    let command = try #require(one.commands().first)
    answer(one, command)
    run.call?.cancel()
    stage.settle()
    #expect(one.control.news() == [])
    #expect(two.control.news().last == .cancel(id: command.id))
    #expect(stage.store.entries[1]?.outcome == "cancelled")
    #expect(stage.store.entries[1]?.host.map(\.outcome) == ["cancelled", "ok"])
    #expect(stage.runs.openCount == 0)
    #expect(stage.fleet.counters.runCalls.value == 0)
  }

  @Test func nothingIsSentBeforeItIsWrittenDown() {
    let one = collector(1)
    stage.store.isHeld = true
    let run = start()
    #expect(one.commands() == [])
    #expect(run.news() == [])
    stage.store.letGo()
    stage.settle()
    #expect(one.commands().count == 1)

    stage.store.failure = RecordsFailure(message: "muster.db: the disk is full")
    let second = start()
    #expect(one.commands() == [])
    #expect(second.status == Status(.unavailable, "the aggregator's records: muster.db: the disk is full"))
    #expect(stage.runs.openCount == 1)
  }

  @Test func whoLeavesBeforeItIsWrittenDownSendsNothing() {
    let one = collector(1)
    stage.store.isHeld = true
    let run = start()
    run.call?.cancel()
    stage.settle()
    stage.store.letGo()
    stage.settle()
    #expect(one.commands() == [])
    #expect(stage.store.entries[1]?.outcome == "cancelled")
  }

  @Test func timeToLive() {
    let one = collector(1)
    let now = stage.clock.now.wallMicroseconds
    let late = start { $0.expiresMicroseconds = now }
    #expect(
      late.status == Status(.failedPrecondition, "the command's time to live has passed; nothing was sent"))
    #expect(one.commands() == [])
    #expect(stage.store.commits == [])
    _ = start { $0.expiresMicroseconds = now + 1_500_000 }
    #expect(one.commands().map(\.timeToLiveMilliseconds) == [1500])
    // It may pass while the disk is slow.
    stage.store.isHeld = true
    let slow = start { $0.expiresMicroseconds = now + 1_500_000 }
    stage.advance(2)
    stage.store.letGo()
    stage.settle()
    #expect(one.commands() == [])
    #expect(told(slow).last == "host-1 expired")
  }

  @Test(arguments: [
    ("instance=web-9", StatusCode.notFound), ("host_id=00", .notFound), ("env=prod", .failedPrecondition),
    ("env==", .invalidArgument), ("instance=gone", .failedPrecondition),
  ])
  func whoIsNotThere(_ selector: String, _ code: StatusCode) {
    let gone = collector(2) { $0.instance = "gone" }
    stage.fleet.setRetired(stage.fleet.host(id: gone.producer.hostID)!, true, at: stage.clock.now)
    _ = collector(1)
    let run = start(on: selector)
    #expect(run.status?.code == code)
    #expect(stage.store.commits == [])
  }

  @Test func limitsOfARequest() {
    _ = collector(1)
    #expect(start { $0.timeoutMilliseconds = 99 }.status?.code == .invalidArgument)
    #expect(start { $0.timeoutMilliseconds = 3_600_001 }.status?.code == .invalidArgument)
    #expect(start { $0.outputLimitBytes = 4_194_305 }.status?.code == .invalidArgument)
    #expect(start { $0.expiresMicroseconds = .min }.status?.code == .failedPrecondition)
    #expect(start { $0.expiresMicroseconds = .max }.status == nil)
    for _ in 2...RunLimits.openRuns { #expect(start().status == nil) }
    #expect(start().status?.code == .resourceExhausted)
    #expect(stage.runs.openCount == RunLimits.openRuns)
  }

  @Test func oneKeyIsOneRun() throws {
    let one = collector(1)
    let first = start { $0.idempotencyKey = "k" }
    let command = try #require(one.commands().first)
    #expect(command.idempotencyKey == "k")
    one.say(.output(CommandOutput(id: command.id, content: .text("a"))), on: stage)
    let second = start { $0.idempotencyKey = "k" }
    #expect(one.commands() == [])
    #expect(told(second) == ["0 of 1 ok, 1 without a result", "host-1: a"])
    // The first may leave: somebody still reads.
    first.call?.cancel()
    stage.settle()
    #expect(one.control.news() == [])
    answer(one, command)
    #expect(told(second) == ["host-1 ok"])
    #expect(second.status == .ok)
    // Also when it is over, for an hour.
    stage.advance(3599)
    let third = start { $0.idempotencyKey = "k" }
    #expect(told(third) == ["0 of 1 ok, 1 without a result", "host-1: a", "host-1 ok"])
    let other = start(.selfCheck) { $0.idempotencyKey = "k" }
    #expect(other.status?.code == .failedPrecondition)
    stage.advance(1)
    _ = start { $0.idempotencyKey = "k" }
    #expect(one.commands().count == 1)
  }

  @Test func aFloodingHostIsCutAndOthersGoOn() throws {
    let bad = collector(1)
    let good = collector(2)
    let run = start { $0.outputLimitBytes = 1000 }
    let command = try #require(bad.commands().first)
    for part in 0..<100 as Range<UInt32> {
      let text = String(repeating: "x", count: 10_000)
      bad.say(.output(CommandOutput(id: command.id, part: part, content: .text(text))), on: stage)
    }
    let told = run.news()
    #expect(told.count { $0.output != nil } == 6)
    #expect(told.last?.result?.outcome == .failed)
    #expect(
      told.last?.result?.reason
        == "cancelled: the host sent more output than the 1000 bytes that were asked for")
    #expect(bad.control.news() == [.cancel(id: command.id)])
    answer(good, command)
    #expect(run.status == .ok)
  }

  @Test func aSlowReaderMissesOutputAndNoResult() throws {
    let hosts = (1...8).map { collector($0) }
    let line = stage.connect()
    let run = line.call(
      MusterService.runCommand, RunCommandRequest(action: .diagnostics, outputLimitBytes: 4 << 20))
    stage.settle()
    line.isClogged = true
    let id = try #require(hosts[0].commands().first?.id)
    for host in hosts { putOut(16, by: host, id) }
    let held = try #require(stage.runs.openCount == 0 ? run : nil)
    line.isClogged = false
    stage.settle()
    let news = held.news()
    #expect(held.status == .ok)
    #expect(news.count { $0.result != nil } == 8)
    let parts = news.count { $0.output != nil && !$0.hostID.isEmpty }
    let notes = news.compactMap { update -> String? in
      if update.hostID.isEmpty, case .text(let text) = update.output?.content { text } else { nil }
    }
    #expect(notes == ["\(128 - parts) parts of output are left out: they came faster than they were read"])
    #expect(stage.fleet.counters.readersCut.value == 1)
  }

  @Test func configLabelsSelectToo() {
    let hooks = StageHooks()
    let one = collector(1) { $0.labels = [Label("env", "prod")] }
    let two = collector(2)
    for host in [one, two] {
      hooks.standings[host.producer.hostID] = HostStanding(
        sha256: [], version: 7, state: .verified, configLabels: [Label("env", "dev"), Label("team", "db")])
    }
    stage.fleet.install(hooks, at: stage.clock.now)
    // A host's own label wins.
    let list = stage.connect().call(MusterService.listHosts, ListHostsRequest(selector: "env=dev,team=db"))
    stage.settle()
    let info = list.messages.first?.hosts
    #expect(info?.map(\.instance) == ["host-2"])
    #expect(info?.first?.configLabels == [Label("env", "dev"), Label("team", "db")])
    #expect(info?.first?.configVersion == 7)
    #expect(info?.first?.configState == .verified)
    #expect(told(start(on: "env=dev")) == ["0 of 1 ok, 1 without a result"])
  }

  @Test func keysAreBounded() throws {
    let now = stage.clock.now
    let past = (0..<3000).map { number in
      StoredRun(
        id: UInt64(number), key: "k\(number)", command: "ping", startedMicroseconds: now.wallMicroseconds - 1,
        outcome: "ok")
    }
    // Newest first: the last ones in the list go.
    var keys = RunKeys(past, at: now)
    #expect(keys.count == RunLimits.keys)
    var order = RunOrder(action: .ping, hosts: [])
    order.idempotencyKey = "k1023"
    #expect(throws: Status.self) { try keys.run(for: order, at: now) }
    order.idempotencyKey = "k1024"
    #expect(try keys.run(for: order, at: now) === nil)
  }

  @Test func outputOfThePastIsBounded() throws {
    let hosts = (1...5).map { collector($0) }
    for key in 1...6 {
      let run = start(.diagnostics) {
        $0.idempotencyKey = "\(key)"
        $0.outputLimitBytes = 4 << 20
      }
      let id = try #require(hosts.map { $0.commands().first?.id }.first ?? nil)
      for host in hosts { putOut(14, by: host, id) }
      #expect(run.status == .ok)
    }
    // The newest can still be shown with what was put out, the oldest with its results.
    func parts(_ key: Int) -> Int {
      start(.diagnostics) { $0.idempotencyKey = "\(key)" }.news().count {
        $0.output != nil && !$0.hostID.isEmpty
      }
    }
    #expect(parts(6) > 50)
    #expect(parts(1) == 0)
  }

  @Test func keysOfAnEarlierLifeAreNotRunAgain() throws {
    let now = stage.clock.now
    let run = StoredRun(
      id: 4, key: "k", command: "ping", startedMicroseconds: now.wallMicroseconds - 1_000_000,
      outcome: StoredRun.interrupted, summary: "cut short")
    var keys = RunKeys([run], at: now)
    var order = RunOrder(action: .ping, hosts: [])
    order.idempotencyKey = "k"
    let status = #expect(throws: Status.self) { try keys.run(for: order, at: now) }
    #expect(status?.message.contains("interrupted, cut short") == true)
    let later = try keys.run(for: order, at: now.advanced(by: .seconds(3599)))
    #expect(later === nil)
  }
}
