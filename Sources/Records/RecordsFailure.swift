internal import GRDB

/// Why records cannot be read or written: a sentence that says what to do.
public struct RecordsFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence, beginning with the file's path.
  public var message: String

  /// A failure of this sentence.
  public init(message: String) {
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}

extension RecordsFailure {
  /// The one place where SQLite's errors become sentences.
  init(_ error: any Error, path: String) {
    switch error {
    case let failure as RecordsFailure: self = failure
    case let failure as RecordsFault: self.init(message: "\(path): \(failure.sentence)")
    case let error as DatabaseError: self.init(message: "\(path): \(Self.sentence(error))")
    default: self.init(message: "\(path): \(error)")
    }
  }

  private static func sentence(_ error: DatabaseError) -> String {
    let detail = "(SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no further word"))"
    return switch error.resultCode {
    case .SQLITE_NOTADB: RecordsFault.foreign.sentence
    case .SQLITE_CORRUPT: RecordsFault.damaged(detail).sentence
    case .SQLITE_FULL:
      "cannot grow: the disk is full, or the file has reached its limit; make room, and it goes on \(detail)"
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      "cannot be written; the file and its folder must belong to the aggregator's user \(detail)"
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      "is locked by another program; close whatever has it open \(detail)"
    case .SQLITE_IOERR: "the disk fails; see the kernel's log \(detail)"
    case .SQLITE_NOMEM: "there is not enough memory \(detail)"
    default: "cannot be used \(detail)"
    }
  }
}

/// What we ourselves find wrong with the file, or with what is asked.
enum RecordsFault: Error, Hashable {
  case foreign
  case damaged(String)
  case newer([String])
  case closed
  case tooMuchWaiting

  /// What follows "muster.db: ".
  var sentence: String {
    switch self {
    case .foreign:
      "is not a file of the aggregator's records; move it away, and the aggregator makes a new one"
    case .damaged(let detail):
      "is damaged; bring a copy back, or move it away with its -wal and -shm files, "
        + "and the aggregator makes a new one \(detail)"
    case .newer(let migrations):
      "was written by a newer version (\(migrations.joined(separator: ", "))); "
        + "use that version, or bring a copy back from before the upgrade"
    case .closed: "is closed"
    case .tooMuchWaiting:
      "\(RecordsLimits.waitingChanges) changes wait to be written already; the disk is too slow, or stuck"
    }
  }
}
