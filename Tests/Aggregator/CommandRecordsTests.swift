import GRPC
import Records
import Testing
import Wire

@testable import Aggregator

/// What runs and operators write down, given to the real records.
@Suite struct CommandRecordsTests {
  private func write(_ commits: [[RecordsChange]], to store: RecordsStore) async -> [RecordsFailure] {
    var failures: [RecordsFailure] = []
    for changes in commits {
      let failure = await withCheckedContinuation { done in
        store.commit(changes) { done.resume(returning: $0) }
      }
      if let failure { failures.append(failure) }
    }
    return failures
  }

  private func call(_ stage: Stage) {
    let line = stage.connect()
    var producer = Producer()
    producer.machineSHA256 = [UInt8](repeating: 3, count: 32)
    let collector = StageCollector(producer, on: stage.connect(), of: stage)
    _ = line.call(
      MusterService.expectHosts, ExpectHostsRequest(instances: ["web-2", "web-3"], author: "ann"))
    let run = line.call(
      MusterService.runCommand, RunCommandRequest(action: .ping, idempotencyKey: "k", author: "ann"))
    stage.settle()
    for command in collector.commands() {
      collector.say(.result(CommandResult(id: command.id, outcome: .ok)), on: stage)
    }
    _ = line.call(
      MusterService.expectHosts, ExpectHostsRequest(instances: ["web-3"], author: "ann", undo: true))
    _ = line.call(MusterService.runCommand, RunCommandRequest(action: .selfCheck, author: "bob"))
    _ = line.call(
      MusterService.retireHosts,
      RetireHostsRequest(selector: "instance=web-1", author: "ann", message: "sold"))
    stage.settle()
    #expect(run.status == .ok)
  }

  @Test func theRecordsTakeItAndARestartFindsIt() async throws {
    let stage = Stage()
    call(stage)
    let store = try RecordsStore(path: ":memory:")
    #expect(await write(stage.store.commits, to: store) == [])
    let past = try store.load()
    #expect(past.nextRun == 3)
    #expect(past.nextAudit == 6)
    #expect(past.hosts.map(\.isRetired) == [true])
    #expect(past.hosts.first?.machineSHA256 == [UInt8](repeating: 3, count: 32))
    #expect(past.expectations.map(\.instance) == ["web-2"])
    #expect(past.runs.map(\.outcome) == [StoredRun.interrupted, "ok"])

    // The next life of the program knows what was: nothing is run again, nothing is numbered twice.
    let next = Stage()
    next.fleet.restore(past.hosts, past.expectations, at: next.clock.now)
    let audit = AuditLog(store: store, nextID: past.nextAudit)
    #expect(audit.nextID() == 6)
    var keys = RunKeys(past.runs, at: next.clock.now)
    var order = RunOrder(action: .ping, hosts: [])
    order.idempotencyKey = "k"
    let status = #expect(throws: Status.self) { try keys.run(for: order, at: next.clock.now) }
    #expect(
      status?.message
        == "the idempotency key is that of run 1, from before the aggregator was restarted: ok, 1 of 1 ok; nothing was sent again"
    )
    let entries = try await withCheckedContinuation { done in
      audit.list(ListAuditRequest(author: "ann")) { done.resume(returning: $0) }
    }.get()
    #expect(entries.map(\.action) == ["hosts.retire", "hosts.unexpect", "run.ping", "hosts.expect"])
    store.close()
  }
}
