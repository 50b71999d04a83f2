import Glibc
import Records

/// The folder that the aggregator keeps between runs: `muster.db`, the records, and what SQLite puts beside it. The
/// records lock it against a second aggregator.
struct StateDirectory {
  private let path: String

  /// Makes the folder when only its last component is missing.
  init(_ path: String) throws(ProgramFailure) {
    self.path = path
    guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    let number = errno
    let remedy =
      switch number {
      case ENOENT: "make its parent folder, or give another one with --state-directory"
      case EACCES, EPERM:
        "run as its owner, or give a folder that may be written with --state-directory"
      case EROFS: "give a folder on a writable file system with --state-directory"
      default: "repair it, or give another one with --state-directory"
      }
    throw ProgramFailure(
      exitCode: EX_CANTCREAT,
      "cannot make the state directory \(path): \(String(cString: strerror(number))); \(remedy)")
  }

  /// Opens the records in the folder.
  func openRecords() throws(ProgramFailure) -> RecordsStore {
    do throws(RecordsFailure) {
      return try RecordsStore(path: path + "/muster.db")
    } catch {
      throw ProgramFailure(error)
    }
  }
}
