import GRDB
import Testing
import Wire

@testable import Records

@Suite struct RecordsMigrationTests {
  @Test func hostsOfEntriesAreBroughtOverFromTheirTable() async throws {
    let folder = try TemporaryFolder()
    do {
      let old = try DatabaseQueue(path: folder.database)
      try Schema.migrator.migrate(old, upTo: "4 runs and audit")
      try await old.write { database in
        try database.execute(
          sql: """
            INSERT INTO audit VALUES (1, 10, 'ann', '', 1, 'run.ping', '', '', '', 'ok', '', 2),
              (2, 20, 'ann', '', 1, 'config.push', '', '', '', 'ok', '', 0);
            INSERT INTO audit_hosts VALUES (1, 1, 'b', 'web-2', 'refused'), (1, 0, 'a', 'web-1', 'ok');
            INSERT INTO runs VALUES (1, '', 'ping', '', 'ann', 1, 2, 'ok', '');
            INSERT INTO run_hosts VALUES (1, 'a', 'web-1', 'ok', '');
            """)
      }
      try old.close()
    }
    let store = try RecordsStore(path: folder.database)
    defer { store.close() }
    #expect(try store.load().runs.map(\.id) == [1])
    let entries = try await store.audit(ListAuditRequest())
    #expect(entries.map(\.id) == [2, 1])
    #expect(
      entries.last?.host == [
        AuditHost(hostID: "a", instance: "web-1", outcome: "ok"),
        AuditHost(hostID: "b", instance: "web-2", outcome: "refused"),
      ])
    #expect(entries.first?.host == [])
  }
}
