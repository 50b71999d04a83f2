// Records: what the aggregator remembers over a restart, in one SQLite file.
//
// The fleet, configuration and its rollouts, runs of commands, and the audit log. Samples are not kept here.
//
// - A change is an upsert or a removal of one record, so writing it twice does no harm.
// - The changes of one `commit` are written in one transaction, durably (WAL, synchronous FULL), in the order
//   of the calls; `done` is called when they are on the disk. Commits that wait share one transaction, and
//   therefore one fsync; if that fails they are tried one by one, so that one's fault is no other's.
// - One connection writes, a second one reads the audit log; each has a serial queue of its own.
// - The file is the aggregator's alone (mode 0600, a lock beside it). Limits: `RecordsLimits`.

internal import GRDB
internal import Synchronization

/// The file, open.
public final class RecordsStore: Sendable {
  /// The file's path, as errors say it.
  let path: String
  let writer: DatabaseQueue
  /// The same as `writer` when the database is in memory.
  let reader: DatabaseQueue
  let state = Mutex(State())
  private let lock: FileLock?

  /// What is shared by callers and the writer's queue.
  struct State {
    var waiting: [WaitingCommit] = []
    /// Changes of all waiting commits.
    var waitingChanges = 0
    var isWriting = false
    var isClosed = false
    /// Changes to the audit log and runs since the last look at retention.
    var changesSinceRetention = 0
    var counters = RecordsCounters()
  }

  /// Opens the file, or makes it; brings an older file up to date.
  ///
  /// - Parameters:
  ///   - path: where it is; its folder must exist. `:memory:` is a database that ends with the store.
  ///   - maximumBytes: how large the file may become, give or take a page; beyond it commits fail.
  /// - Throws: it cannot be opened or made, is in use, is no file of ours, is damaged, or was written by a
  ///   newer version.
  public init(path: String, maximumBytes: Int = RecordsLimits.fileBytes) throws(RecordsFailure) {
    self.path = path
    let isInMemory = path == ":memory:"
    lock = isInMemory ? nil : try RecordsFile.prepare(path)
    do {
      writer = try Self.openWriter(path, maximumBytes: maximumBytes)
      reader = isInMemory ? writer : try Self.openReader(path)
    } catch {
      throw RecordsFailure(error, path: path)
    }
  }

  /// What was written, refused and failed so far.
  public var counters: RecordsCounters { state.withLock { $0.counters } }

  /// Waits until every commit so far is done, and closes the file. Later commits fail. Must not be called
  /// from a `done`.
  public func close() {
    state.withLock { $0.isClosed = true }
    // Closing fails only while statements are in use, and none is between two entries of a serial queue.
    if reader !== writer { try? reader.close() }
    try? writer.close()
    lock?.release()
  }

  private static func openWriter(_ path: String, maximumBytes: Int) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "muster.records"
    configuration.busyMode = .timeout(RecordsLimits.busySeconds)
    let isInMemory = path == ":memory:"
    if !isInMemory { configuration.journalMode = .wal }
    configuration.prepareDatabase { database in
      // Before anything is written: a file that is not ours to change is left as it is.
      try Schema.check(database)
    }
    let writer =
      try isInMemory
      ? DatabaseQueue(configuration: configuration) : DatabaseQueue(path: path, configuration: configuration)
    try writer.inDatabase { database in
      // After opening: opening in WAL mode sets NORMAL, which may lose the last commits in a power cut.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      let pageBytes = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
      _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(maximumBytes / pageBytes)")
      // After a large transaction the log is cut back, once it has been taken over into the file.
      _ = try Int.fetchOne(database, sql: "PRAGMA journal_size_limit = \(RecordsLimits.keptLogBytes)")
    }
    try Schema.migrator.migrate(writer)
    return writer
  }

  private static func openReader(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "muster.records.reader"
    configuration.readonly = true
    configuration.busyMode = .timeout(RecordsLimits.busySeconds)
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}
