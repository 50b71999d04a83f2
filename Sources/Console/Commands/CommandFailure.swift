import GRPC

/// How a command ends when it could not do what it was asked: a sentence for the operator, a code
/// for the script. Success is 0.
public struct CommandFailure: Error, CustomStringConvertible, Sendable {
  /// Exit codes; 64, 69 and 70 are those of `sysexits.h`.
  public enum Code: Int32, Sendable {
    /// Nothing matched: no such host, no such metric.
    case notFound = 1
    /// The command line is wrong.
    case usage = 64
    /// The aggregator cannot be reached, or refuses to speak with us.
    case unavailable = 69
    /// The aggregator answered with an error.
    case failed = 70
    /// The aggregator did not answer in time.
    case timedOut = 75
  }

  /// The process's exit code.
  public let code: Code
  /// What went wrong, and what to do.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// What it means that a stream ended which had begun.
  init(endOfStream status: Status, aggregator: String) {
    guard status.code == .unavailable else {
      self.init(status, aggregator: aggregator)
      return
    }
    self.init(.unavailable, "lost the aggregator at \(aggregator): \(status.message)")
  }

  /// What a call's status means to the one who typed the command.
  init(_ status: Status, aggregator: String) {
    switch status.code {
    case .unavailable:
      // The transport begins with the address; it is told once.
      let start = "\(aggregator): "
      let reason =
        status.message.hasPrefix(start) ? status.message.dropFirst(start.count) : status.message[...]
      self.init(
        .unavailable,
        """
        cannot reach the aggregator at \(aggregator): \(reason)
        Is muster-aggregator running there? Another address: --aggregator HOST:PORT or MUSTER_AGGREGATOR.
        """)
    case .invalidArgument: self.init(.usage, status.message)
    case .notFound: self.init(.notFound, status.message)
    case .deadlineExceeded: self.init(.timedOut, "\(aggregator) did not answer in time")
    case .unauthenticated, .permissionDenied: self.init(.unavailable, "\(aggregator): \(status.message)")
    default: self.init(.failed, "\(aggregator): \(status)")
    }
  }

  /// Tells the operator, on standard error.
  public func report() { StandardError.write("muster: \(description)\n") }
}
