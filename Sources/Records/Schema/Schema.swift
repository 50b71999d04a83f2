internal import GRDB

/// The tables, as they came to be: one named migration after the other, none of which is ever edited once
/// released.
enum Schema {
  /// "MSTR": tells our files from those of other programs.
  static let applicationID: Int32 = 0x4D53_5452

  /// Refuses a database that another program made, or a version of ours that is ahead of this one. An empty
  /// file is nobody's.
  static func check(_ database: Database) throws {
    let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    guard owner == applicationID else {
      let objects = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
      guard owner == 0, objects == 0 else { throw RecordsFault.foreign }
      return
    }
    let unknown = try migrator.appliedIdentifiers(database).subtracting(migrator.migrations)
    guard unknown.isEmpty else { throw RecordsFault.newer(unknown.sorted()) }
  }

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 owner") { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
    migrator.registerMigration("2 steering") { try $0.execute(sql: steering) }
    migrator.registerMigration("3 fleet") { try $0.execute(sql: fleet) }
    migrator.registerMigration("4 runs and audit") { try $0.execute(sql: runsAndAudit) }
    migrator.registerMigration("5 hosts within their entry", migrate: putHostsIntoEntries)
    return migrator
  }
}
