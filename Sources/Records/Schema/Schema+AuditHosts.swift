internal import GRDB
internal import Wire

extension Schema {
  /// Hosts that an entry of the audit log names were rows of their own, with two indexes, and what became of a run on
  /// its hosts was kept a second time: for a command to a thousand hosts that was most of what the aggregator did.
  static func putHostsIntoEntries(_ database: Database) throws {
    try database.execute(sql: "ALTER TABLE audit ADD COLUMN named BLOB NOT NULL DEFAULT x''")
    for id in try Int64.fetchAll(database, sql: "SELECT DISTINCT entry FROM audit_hosts") {
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT host_id, instance, outcome FROM audit_hosts WHERE entry = ? ORDER BY position",
        arguments: [id])
      let hosts = rows.map { AuditHost(hostID: $0[0], instance: $0[1], outcome: $0[2]) }
      try database.execute(
        sql: "UPDATE audit SET named = ? WHERE id = ?", arguments: [AuditEntry.pack(hosts).column, id])
    }
    try database.execute(sql: "DROP TABLE audit_hosts; DROP TABLE run_hosts")
  }
}
