internal import GRDB
internal import Steering
internal import Wire

extension RecordsChange {
  /// Writes the change; the caller holds a transaction.
  func write(_ database: Database) throws {
    switch self {
    case .steering(let change): try change.write(database)
    case .host(let host): try host.upsert(database)
    case .hostForgotten(let id): try database.run("DELETE FROM hosts WHERE host_id = ?", [id.column])
    case .expected(let expectation): try expectation.upsert(database)
    case .expectationOver(let instance):
      try database.run("DELETE FROM expectations WHERE instance = ?", [instance.column])
    case .run(let run): try run.upsert(database)
    case .audit(let entry): try entry.upsert(database)
    }
  }

  /// How much it adds to what retention bounds.
  var retained: Int {
    switch self {
    case .run: 1
    case .audit(let entry): 1 + entry.host.count
    case .steering, .host, .hostForgotten, .expected, .expectationOver: 0
    }
  }
}

extension SteeringChange {
  fileprivate func write(_ database: Database) throws {
    switch self {
    case .document(let document): try document.upsert(database)
    case .documentForgotten(let version):
      try database.run("DELETE FROM documents WHERE version = ?", [version.column])
    case .quarantine(let version, let reason):
      try database.run(
        "UPDATE documents SET quarantined = ? WHERE version = ?", [reason.column, version.column])
    case .quarantinedConfig(let sha256, let reason):
      // Removed first, so that it is the newest.
      try Self.forgetQuarantined(sha256, database)
      try QuarantinedConfig(sha256: sha256, reason: reason).upsert(database)
    case .quarantinedConfigForgotten(let sha256): try Self.forgetQuarantined(sha256, database)
    case .layer(let layer): try layer.upsert(database)
    case .rollout(let rollout): try rollout.upsert(database)
    case .rolloutForgotten(let id):
      try database.run("DELETE FROM rollouts WHERE id = ?", [id.column])
      try database.run("DELETE FROM rollout_hosts WHERE rollout = ?", [id.column])
    case .rolloutHost(let rollout, let host):
      try RolloutHostRow(rollout: rollout, host: host).upsert(database)
    case .rolloutHostGone(let rollout, let hostID):
      try database.run(
        "DELETE FROM rollout_hosts WHERE rollout = ? AND host_id = ?", [rollout.column, hostID.column])
    case .rolloutHostsForgotten(let rollout):
      try database.run("DELETE FROM rollout_hosts WHERE rollout = ?", [rollout.column])
    case .hostConfig(let host): try host.upsert(database)
    case .hostConfigForgotten(let hostID):
      try database.run("DELETE FROM host_configs WHERE host_id = ?", [hostID.column])
    }
  }

  private static func forgetQuarantined(_ sha256: [UInt8], _ database: Database) throws {
    try database.run("DELETE FROM quarantined_configs WHERE sha256 = ?", [sha256.column])
  }
}
