internal import GRDB
internal import Steering
internal import Wire

extension RecordsStore {
  /// Everything that was remembered, for the start of the program.
  ///
  /// First removes what is too old, and closes what the last program's end cut short: runs and entries of the
  /// audit log that are `running` become `interrupted`, as whoever waited for them is gone.
  ///
  /// - Throws: the file cannot be read or written, or holds what cannot be.
  public func load() throws(RecordsFailure) -> RecordsSnapshot {
    try retain(Retention())
    do {
      return try writer.write { database in
        try Self.closeInterrupted(database)
        return try Self.snapshot(database)
      }
    } catch {
      throw RecordsFailure(error, path: path)
    }
  }

  /// Removes what is too old.
  func retain(_ retention: Retention) throws(RecordsFailure) {
    do {
      try writer.write { database in try retention.apply(database) }
    } catch {
      throw RecordsFailure(error, path: path)
    }
  }

  private static func closeInterrupted(_ database: Database) throws {
    for table in ["runs", "audit"] {
      try database.run(
        """
        UPDATE \(table) SET outcome = ?, \
        summary = summary || iif(summary = '', '', '; ') || 'the aggregator ended while it ran' \
        WHERE outcome = 'running'
        """, [StoredRun.interrupted.column])
    }
  }

  private static func snapshot(_ database: Database) throws -> RecordsSnapshot {
    var snapshot = RecordsSnapshot()
    snapshot.steering = try steering(database)
    snapshot.hosts = try StoredHost.fetch(database, "ORDER BY host_id")
    snapshot.expectations = try StoredExpectation.fetch(database, "ORDER BY instance")
    snapshot.runs = try StoredRun.fetch(
      database, "ORDER BY id DESC LIMIT ?", [Int64(RecordsLimits.loadedRuns).column])
    snapshot.nextRun = try next(after: "runs", database)
    snapshot.nextAudit = try next(after: "audit", database)
    return snapshot
  }

  private static func steering(_ database: Database) throws -> SteeringSnapshot {
    var steering = SteeringSnapshot()
    for document in try ConfigDocument.fetch(database) { steering.documents[document.version] = document }
    steering.quarantinedConfigs = try QuarantinedConfig.fetch(database, "ORDER BY position")
    for layer in try StoredLayer.fetch(database) { steering.layers[layer.selector] = layer }
    for rollout in try StoredRollout.fetch(database) { steering.rollouts[rollout.id] = rollout }
    for row in try RolloutHostRow.fetch(database) {
      steering.rolloutHosts[row.rollout, default: [:]][row.host.hostID] = row.host
    }
    for host in try StoredHostConfig.fetch(database) { steering.hostConfigs[host.hostID] = host }
    return steering
  }

  private static func next(after table: String, _ database: Database) throws -> UInt64 {
    let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM \(table)") ?? 0
    return UInt64(bitPattern: last) &+ 1
  }
}
