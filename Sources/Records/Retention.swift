internal import GRDB

/// What is kept of that which grows with every command: the newest.
struct Retention {
  var auditEntries = RecordsLimits.auditEntries
  var auditHosts = RecordsLimits.auditHosts
  var runs = RecordsLimits.runs
  var runHosts = RecordsLimits.runHosts

  /// Removes the rest; the caller holds a transaction. Hosts go with their entry or run.
  func apply(_ database: Database) throws {
    try keep(auditEntries, of: "audit", "id", ordered: "id DESC", in: "audit", database)
    try keep(
      auditHosts, of: "audit_hosts", "entry", ordered: "entry DESC, position DESC", in: "audit", database)
    try keep(runs, of: "runs", "id", ordered: "id DESC", in: "runs", database)
    try keep(runHosts, of: "run_hosts", "run", ordered: "run DESC, host_id DESC", in: "runs", database)
  }

  /// Removes from `parent` the entry that the first row beyond the limit belongs to, and all before it.
  private func keep(
    _ limit: Int, of table: String, _ key: String, ordered: String, in parent: String, _ database: Database
  ) throws {
    try database.run(
      "DELETE FROM \(parent) WHERE id <= (SELECT \(key) FROM \(table) ORDER BY \(ordered) LIMIT 1 OFFSET ?)",
      [Int64(limit).column])
  }
}
