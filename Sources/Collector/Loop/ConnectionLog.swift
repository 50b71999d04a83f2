import GRPC
import Logging
import Settings

/// The connection's life in single lines, without flooding: an aggregator that is away for a night is
/// a line when it goes, one a minute, and one when it is back.
final class ConnectionLog {
  /// The least distance of two lines about attempts that fail.
  static let repeatInterval: Duration = .seconds(60)

  private let logger: Logger
  private let target: String
  private var lastFailure: (reason: String, at: Instant)?
  private var unsaid = 0

  init(logger: Logger, target: String) {
    self.logger = logger
    self.target = target
  }

  func write(_ report: UplinkReport, peer: String?, at now: Instant) {
    switch report {
    case .connected(let version, let buffered):
      logger.info(
        "connected to \(target)",
        metadata: [
          "peer": "\(peer ?? target)", "aggregator_version": "\(version)", "frames_waiting": "\(buffered)",
        ])
      lastFailure = nil
      unsaid = 0
    case .unreachable(let reason, let wait):
      writeFailure(reason, wait, at: now)
    case .lost(let reason, let wait):
      logger.warning("lost the connection to \(target): \(withoutTarget(reason)); retrying in \(text(wait))")
    case .refused(let status, let wait):
      logger.error("\(target) refuses this collector: \(status); retrying in \(text(wait))")
    case .goingAway:
      logger.info("\(target) is going away; reconnecting")
    case .reconnecting:
      logger.info("leaving \(target) to come back, as asked")
    case .rekeyed(let reason, let wait):
      logger.warning(
        "\(target) gives this host a new identity: \(reason)", metadata: ["back_in": "\(text(wait))"])
    case .overrun(let dropped):
      logger.warning(
        "the connection to \(target) is slower than the sampling; dropped the oldest frames",
        metadata: ["dropped": "\(dropped)"])
    case .stopped(let unacknowledged):
      writeStop(unacknowledged)
    }
  }

  private func writeFailure(_ reason: String, _ wait: Duration, at now: Instant) {
    let reason = withoutTarget(reason)
    if let last = lastFailure, last.reason == reason, now - last.at < Self.repeatInterval {
      unsaid += 1
      return
    }
    logger.warning(
      "cannot connect to \(target): \(reason); retrying in \(text(wait))",
      metadata: unsaid > 0 ? ["attempts_since_last_line": "\(unsaid + 1)"] : nil)
    lastFailure = (reason, now)
    unsaid = 0
  }

  private func writeStop(_ unacknowledged: Int) {
    if unacknowledged == 0 {
      logger.info("stopped")
    } else {
      logger.warning(
        "stopped before everything was acknowledged", metadata: ["frames_lost": "\(unacknowledged)"])
    }
  }

  /// The link names the peer, which the line does already unless it is known by another name.
  private func withoutTarget(_ reason: String) -> String {
    reason.hasPrefix(target + ": ") ? String(reason.dropFirst(target.count + 2)) : reason
  }

  /// To a tenth of a second: nobody reads the jitter's nanoseconds.
  private func text(_ wait: Duration) -> String {
    let tenths = wait.saturatedMicroseconds / 100_000
    return "\(tenths / 10).\(tenths % 10)s"
  }
}
