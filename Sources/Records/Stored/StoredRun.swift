/// A run of a command on hosts.
public struct StoredRun: Hashable, Sendable {
  /// The outcome of a run that is not over.
  public static let running = "running"
  /// The outcome of a run that the aggregator's end cut short.
  public static let interrupted = "interrupted"

  /// 1, 2, 3, ...
  public var id: UInt64
  /// The idempotency key that was given with it; empty: none.
  public var key: String
  /// The command's name.
  public var command: String
  /// Which hosts were meant.
  public var selector: String
  /// Who asked.
  public var author: String
  /// By the wall clock: microseconds since 1970.
  public var startedMicroseconds: Int64
  /// 0: it is not over, or nobody knows when it was.
  public var endedMicroseconds: Int64
  /// `running`, `ok`, `failed`, `interrupted`, ...
  public var outcome: String
  /// One line: "312 of 1000 ok, 3 refused".
  public var summary: String

  /// A run of these parts.
  public init(
    id: UInt64, key: String = "", command: String, selector: String = "", author: String = "",
    startedMicroseconds: Int64 = 0, endedMicroseconds: Int64 = 0, outcome: String = StoredRun.running,
    summary: String = ""
  ) {
    self.id = id
    self.key = key
    self.command = command
    self.selector = selector
    self.author = author
    self.startedMicroseconds = startedMicroseconds
    self.endedMicroseconds = endedMicroseconds
    self.outcome = outcome
    self.summary = summary
  }
}
