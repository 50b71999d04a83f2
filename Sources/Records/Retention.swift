internal import GRDB

/// What is kept of that which grows with every command: the newest.
struct Retention {
  var auditEntries = RecordsLimits.auditEntries
  var auditHostBytes = RecordsLimits.auditHostBytes
  var runs = RecordsLimits.runs

  /// Removes the rest; the caller holds a transaction.
  func apply(_ database: Database) throws {
    try keep(auditEntries, of: "audit", database)
    try keep(runs, of: "runs", database)
    let total = "SUM(length(named)) OVER (ORDER BY id DESC)"
    try database.run(
      """
      DELETE FROM audit WHERE id <= \
      (SELECT max(id) FROM (SELECT id, \(total) AS total FROM audit) WHERE total > ?)
      """, [Int64(auditHostBytes).column])
  }

  /// Removes the first row beyond the limit, and all before it.
  private func keep(_ limit: Int, of table: String, _ database: Database) throws {
    try database.run(
      "DELETE FROM \(table) WHERE id <= (SELECT id FROM \(table) ORDER BY id DESC LIMIT 1 OFFSET ?)",
      [Int64(limit).column])
  }
}
