import Testing
import Wire

@testable import Records

private func entry(
  _ id: UInt64, _ author: String, _ action: String, at time: Int64, _ hosts: [AuditHost] = []
) -> AuditEntry {
  AuditEntry(
    id: id, timeMicroseconds: time, author: author, address: "192.0.2.1:5", role: .operate, action: action,
    selector: "role=web", detail: "detail", message: "because", outcome: "ok", summary: "all",
    hosts: UInt32(hosts.count), host: hosts)
}

private let web = AuditHost(hostID: "aaaa", instance: "web-1", outcome: "ok")
private let database = AuditHost(
  hostID: "bbbb", instance: "db-1", outcome: "refused", reason: "forbidden by web-1\'s neighbour")

private let log = [
  entry(1, "ada", "run.ping", at: 100, [web, database]),
  entry(2, "bob", "config.push", at: 200),
  entry(3, "ada", "config.rolled_back", at: 300, [database]),
  entry(4, "ada", "hosts.retire", at: 400, [web]),
  // A clock that was set back: entries stay in the order in which they were made.
  entry(5, "bob", "run.reload", at: 350, [web]),
]

/// Bytes of the hosts that these entries name.
private func named(_ ids: Int...) -> Int { ids.reduce(0) { $0 + AuditEntry.pack(log[$1 - 1].host).count } }

@Suite struct RecordsAuditTests {
  @Test(arguments: [
    (ListAuditRequest(), [5, 4, 3, 2, 1]), (ListAuditRequest(limit: 2), [5, 4]),
    (ListAuditRequest(author: "ada"), [4, 3, 1]), (ListAuditRequest(author: "ad"), []),
    (ListAuditRequest(action: "run"), [5, 1]), (ListAuditRequest(action: "config.push"), [2]),
    (ListAuditRequest(action: "%"), []), (ListAuditRequest(host: "web-1"), [5, 4, 1]),
    (ListAuditRequest(host: "bbbb"), [3, 1]), (ListAuditRequest(host: "web"), []),
    (ListAuditRequest(sinceMicroseconds: 300), [5, 4, 3]),
    (ListAuditRequest(untilMicroseconds: 300), [2, 1]),
    (ListAuditRequest(sinceMicroseconds: 200, untilMicroseconds: 300), [2]),
    (ListAuditRequest(author: "ada", action: "run", host: "db-1", sinceMicroseconds: 1), [1]),
    (ListAuditRequest(author: "x' OR 1=1 --"), []), (ListAuditRequest(limit: .max), [5, 4, 3, 2, 1]),
  ])
  func filters(request: ListAuditRequest, expected: [UInt64]) async throws {
    let folder = try TemporaryFolder()
    for path in [":memory:", folder.database] {
      let store = try RecordsStore(path: path)
      #expect(await store.commit(log.map(RecordsChange.audit)) == nil)
      let found = try await store.audit(request)
      #expect(found == expected.map { id in log[Int(id) - 1] })
      store.close()
    }
  }

  @Test func anEntrySaidAgainReplacesItsHosts() async throws {
    let store = try RecordsStore(path: ":memory:")
    let changed = entry(1, "ada", "run.ping", at: 100, [database])
    #expect(await store.commit([.audit(log[0])]) == nil)
    #expect(await store.commit([.audit(changed), .audit(changed)]) == nil)
    #expect(try await store.audit(ListAuditRequest()) == [changed])
    #expect(try await store.audit(ListAuditRequest(host: "web-1")).isEmpty)
  }

  @Test func noMoreHostsAreNamedThanAnEntryMay() async throws {
    let store = try RecordsStore(path: ":memory:")
    let many = (0...MessageLimits.auditHosts).map { AuditHost(hostID: "h\($0)") }
    #expect(await store.commit([.audit(entry(1, "ada", "run.ping", at: 1, many))]) == nil)
    let found = try #require(try await store.audit(ListAuditRequest()).first)
    #expect(found.hosts == 1001)
    #expect(found.host == Array(many.prefix(MessageLimits.auditHosts)))
  }

  @Test(arguments: [
    (Retention(auditEntries: 3), [3, 4, 5], [1, 2, 3]), (Retention(auditEntries: 0), [], [1, 2, 3]),
    (Retention(auditHostBytes: named(3, 4, 5)), [2, 3, 4, 5], [1, 2, 3]),
    (Retention(auditHostBytes: named(3, 4, 5) - 1), [4, 5], [1, 2, 3]),
    (Retention(runs: 1), [1, 2, 3, 4, 5], [3]), (Retention(), [1, 2, 3, 4, 5], [1, 2, 3]),
  ])
  func retentionKeepsTheNewest(retention: Retention, entries: [UInt64], runs: [UInt64]) async throws {
    let store = try RecordsStore(path: ":memory:")
    var changes = log.map(RecordsChange.audit)
    for id in UInt64(1)...3 {
      changes.append(.run(StoredRun(id: id, command: "ping", outcome: "ok")))
    }
    #expect(await store.commit(changes) == nil)
    try store.retain(retention)
    #expect(try await store.audit(ListAuditRequest()).map(\.id) == entries.reversed())
    #expect(try store.load().runs.map(\.id) == runs.reversed())
    // Their hosts went with them.
    let hosts = Set(log.filter { entries.contains($0.id) && $0.host.contains(web) }.map(\.id))
    #expect(Set(try await store.audit(ListAuditRequest(host: "aaaa")).map(\.id)) == hosts)
  }
}
