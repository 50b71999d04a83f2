internal import GRDB
internal import Synchronization
public import Wire

extension RecordsStore {
  /// Entries of the audit log, newest first, as the request filters them: `since` is included, `until` is not.
  ///
  /// - Parameter done: is called on a queue of the store. It must not call `load` or `close`.
  public func audit(
    _ request: ListAuditRequest, then done: @escaping @Sendable (Result<[AuditEntry], RecordsFailure>) -> Void
  ) {
    read({ database in try AuditQuery(request).entries(database) }, then: done)
  }

  /// What became of a run on its hosts, by instance, and why.
  ///
  /// - Parameter done: is called on a queue of the store. It must not call `load` or `close`.
  public func runHosts(
    _ run: UInt64,
    then done: @escaping @Sendable (Result<[(host: AuditHost, reason: String)], RecordsFailure>) -> Void
  ) {
    let tail = "WHERE run = ? ORDER BY instance, host_id"
    read(
      { database in try RunHostRow.fetch(database, tail, [run.column]).map { ($0.host, $0.reason) } },
      then: done)
  }

  /// Reads what belongs together, on the reader's queue. (GRDB's own asyncRead traps when the connection is
  /// closed meanwhile.)
  private func read<Value>(
    _ value: @escaping @Sendable (Database) throws -> Value,
    then done: @escaping @Sendable (Result<Value, RecordsFailure>) -> Void
  ) {
    reader.asyncWriteWithoutTransaction { [self] database in
      done(
        Result {
          // Closing waits for this queue, so what is open now stays open.
          guard !state.withLock(\.isClosed) else { throw RecordsFault.closed }
          var found: Value?
          try database.inTransaction(.deferred) {
            found = try value(database)
            return .commit
          }
          guard let found else { throw RecordsFault.closed }
          return found
        }
        .mapError { RecordsFailure($0, path: path) })
    }
  }
}

/// A request's filters as SQL.
struct AuditQuery {
  private(set) var conditions: [String] = []
  private(set) var values: [DatabaseValue] = []
  let limit: Int

  init(_ request: ListAuditRequest) {
    limit =
      request.limit == 0
      ? RecordsLimits.queriedEntriesByDefault : min(Int(request.limit), RecordsLimits.queriedEntries)
    if !request.author.isEmpty { add("author = ?", [request.author.column]) }
    if !request.action.isEmpty {
      add("substr(action, 1, length(?)) = ?", [request.action.column, request.action.column])
    }
    if !request.host.isEmpty {
      add(
        """
        id IN (SELECT entry FROM audit_hosts WHERE host_id = ? \
        UNION ALL SELECT entry FROM audit_hosts WHERE instance = ?)
        """, [request.host.column, request.host.column])
    }
    if request.sinceMicroseconds != 0 { add("time_us >= ?", [request.sinceMicroseconds.column]) }
    if request.untilMicroseconds != 0 { add("time_us < ?", [request.untilMicroseconds.column]) }
  }

  private mutating func add(_ condition: String, _ values: [DatabaseValue]) {
    conditions.append(condition)
    self.values += values
  }

  func entries(_ database: Database) throws -> [AuditEntry] {
    let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
    var entries = try AuditEntry.fetch(
      database, "\(filter)ORDER BY id DESC LIMIT ?", values + [Int64(limit).column])
    for index in entries.indices {
      entries[index].host = try AuditHostRow.fetch(
        database, "WHERE entry = ? ORDER BY position", [entries[index].id.column]
      ).map(\.host)
    }
    return entries
  }
}
