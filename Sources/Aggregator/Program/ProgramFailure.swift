import GRPC
import Glibc
import Records

/// Why the program cannot start: an exit code (sysexits.h) and a sentence.
struct ProgramFailure: Error {
  let exitCode: Int32
  let sentence: String

  init(exitCode: Int32, _ sentence: String) {
    self.exitCode = exitCode
    self.sentence = sentence
  }

  /// The kernel refused what it never refuses.
  init(_ what: String, _ error: Int32) {
    self.init(exitCode: EX_OSERR, "\(what): \(String(cString: strerror(error)))")
  }

  /// The records cannot be opened or read.
  init(_ failure: RecordsFailure) {
    self.init(exitCode: EX_CANTCREAT, "\(failure.message) (state_directory, --state-directory)")
  }

  /// The server did not start. INVALID_ARGUMENT: a certificate. Anything else: the address.
  init(_ status: Status) {
    self.init(exitCode: status.code == .invalidArgument ? EX_CONFIG : EX_UNAVAILABLE, status.message)
  }
}
