/// How the collector ends, for scripts and systemd: the codes of sysexits.h.
enum ExitCode {
  /// Done, or stopped as asked.
  static let ok: Int32 = 0
  /// `--self-check` found something denied, failing or hidden.
  static let incomplete: Int32 = 1
  /// A flag is wrong (EX_USAGE).
  static let usage: Int32 = 64
  /// The kernel refused what it never refuses (EX_OSERR).
  static let system: Int32 = 71
  /// The state directory cannot be used (EX_CANTCREAT).
  static let state: Int32 = 73
  /// Standard output does not take what `--once` prints (EX_IOERR).
  static let output: Int32 = 74
  /// Another collector runs on the same state directory (EX_TEMPFAIL).
  static let alreadyRunning: Int32 = 75
  /// The configuration is wrong (EX_CONFIG).
  static let configuration: Int32 = 78
}

/// Why the program ends, with what code.
struct CollectorFailure: Error, Hashable, CustomStringConvertible {
  var exitCode: Int32
  /// What is wrong and what to do.
  var description: String

  init(_ exitCode: Int32, _ description: String) {
    self.exitCode = exitCode
    self.description = description
  }
}
