import Logging
import Wire

/// What becomes of configs, in single lines.
struct ConfigLog {
  let logger: Logger

  func write(_ status: ConfigStatus) {
    let name = "config \(Hexadecimal.text(Array(status.sha256.prefix(4)))) (version \(status.version))"
    let why = [status.reason] + status.problems.map { "\($0.key): \($0.message)" }
    let reason = why.filter { !$0.isEmpty }.joined(separator: "; ")
    switch status.state {
    case .received, .validated, .applying: logger.debug("\(name): \(status.state)")
    case .applied: logger.info("\(name) is applied, and waits to be confirmed")
    case .verified: logger.info("\(name) is confirmed")
    case .failed: logger.error("\(name) failed: \(reason)")
    case .refused: logger.warning("\(name) is refused: \(reason)")
    case .rolledBack: logger.warning("\(name) is taken back: \(reason)")
    case .unknown, .offered: break
    }
  }

  func notPersisted(_ failure: BodyFailure) {
    logger.error("the configuration cannot be remembered: \(failure)")
  }

  func notApplied(_ failure: BodyFailure) {
    logger.error("settings cannot be applied: \(failure)")
  }

  func noIdentity(_ failure: BodyFailure) {
    logger.error("no new identity can be made: \(failure)")
  }
}
