/// How much is kept, and how much may wait.
public enum RecordsLimits {
  /// Entries of the audit log; the oldest go first.
  public static let auditEntries = 100_000
  /// Bytes of the hosts that entries of the audit log name, all together; the oldest entries go first. A million
  /// hosts of ordinary names.
  public static let auditHostBytes = 64 << 20
  /// Runs of commands; the oldest go first.
  public static let runs = 100_000
  /// After so many changes to the audit log and runs, each host that is named counted too, it is looked at what is
  /// too old.
  public static let changesBetweenRetentions = 10_000
  /// Runs that `load` hands out, newest first.
  public static let loadedRuns = 1_000
  /// Changes that may wait to be written; a commit beyond is refused.
  public static let waitingChanges = 200_000
  /// Changes that are written in one transaction, unless one commit alone has more.
  public static let transactionChanges = 20_000
  /// Bytes of the file.
  public static let fileBytes = 4 << 30
  /// Bytes of the write-ahead log that are not given back.
  static let keptLogBytes = 16 << 20
  /// How long to wait for another program that has the file locked.
  public static let busySeconds = 5.0
  /// Entries that one query of the audit log answers with at most …
  public static let queriedEntries = 100_000
  /// … and when it does not say how many.
  public static let queriedEntriesByDefault = 100
}

/// What became of commits. All counted since the file was opened.
public struct RecordsCounters: Hashable, Sendable {
  /// Commits that are on the disk.
  public var commits: UInt64 = 0
  /// Changes that are on the disk.
  public var changes: UInt64 = 0
  /// Transactions they took.
  public var transactions: UInt64 = 0
  /// Commits that failed.
  public var failures: UInt64 = 0
  /// Commits refused because too much was waiting.
  public var refusals: UInt64 = 0
}
