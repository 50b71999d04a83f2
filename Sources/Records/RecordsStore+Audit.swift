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
  private let host: String

  init(_ request: ListAuditRequest) {
    limit =
      request.limit == 0
      ? RecordsLimits.queriedEntriesByDefault : min(Int(request.limit), RecordsLimits.queriedEntries)
    host = request.host
    if !request.author.isEmpty { add("author = ?", [request.author.column]) }
    if !request.action.isEmpty {
      add("substr(action, 1, length(?)) = ?", [request.action.column, request.action.column])
    }
    // What has the name's bytes somewhere in it; which hosts they are is looked at in Swift.
    if !request.host.isEmpty { add("instr(named, ?) > 0", [Array(request.host.utf8).column]) }
    if request.sinceMicroseconds != 0 { add("time_us >= ?", [request.sinceMicroseconds.column]) }
    if request.untilMicroseconds != 0 { add("time_us < ?", [request.untilMicroseconds.column]) }
  }

  private mutating func add(_ condition: String, _ values: [DatabaseValue]) {
    conditions.append(condition)
    self.values += values
  }

  func entries(_ database: Database) throws -> [AuditEntry] {
    let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
    var entries: [AuditEntry] = []
    try AuditEntry.fetch(database, "\(filter)ORDER BY id DESC", values) { entry in
      if names(entry) { entries.append(entry) }
      return entries.count < limit
    }
    return entries
  }

  private func names(_ entry: AuditEntry) -> Bool {
    host.isEmpty || entry.host.contains { $0.hostID == host || $0.instance == host }
  }
}
