import GRPC

/// How a command ends when it could not do what it was asked: a sentence for the operator, a code
/// for the script. Success is 0.
public struct CommandFailure: Error, CustomStringConvertible, Sendable {
  /// Exit codes; 64, 69 and 70 are those of `sysexits.h`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// What the process ends with.
    public let rawValue: Int32

    /// Any code.
    public init(rawValue: Int32) {
      self.rawValue = rawValue
    }

    /// Nothing matched: no such host, no such metric.
    public static let notFound = Code(rawValue: 1)
    /// It was done, and not all is well: a host failed, a rollout was taken back.
    public static let notAllWell = Code(rawValue: 1)
    /// The command line is wrong.
    public static let usage = Code(rawValue: 64)
    /// The aggregator cannot be reached, or refuses to speak with us.
    public static let unavailable = Code(rawValue: 69)
    /// The aggregator answered with an error.
    public static let failed = Code(rawValue: 70)
    /// A file could not be written.
    public static let cannotCreate = Code(rawValue: 73)
    /// The aggregator did not answer in time.
    public static let timedOut = Code(rawValue: 75)
    /// The operator pressed Ctrl-C: 128 and SIGINT, as shells have it.
    public static let interrupted = Code(rawValue: 130)
  }

  /// The process's exit code.
  public let code: Code
  /// What went wrong, and what to do; empty when all is said already.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// Ends with a code; what there is to say is on the screen already.
  static func silent(_ code: Code) -> CommandFailure { CommandFailure(code, "") }

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
    // The sentence says what stands in the way.
    case .failedPrecondition, .alreadyExists: self.init(.failed, status.message)
    case .deadlineExceeded: self.init(.timedOut, "\(aggregator) did not answer in time")
    case .unauthenticated, .permissionDenied: self.init(.unavailable, "\(aggregator): \(status.message)")
    case .unimplemented:
      self.init(.failed, "the aggregator at \(aggregator) is older than this program: \(status.message)")
    default: self.init(.failed, "\(aggregator): \(status)")
    }
  }

  /// Tells the operator, on standard error.
  public func report() {
    guard !description.isEmpty else { return }
    let lines = description.split(separator: "\n", omittingEmptySubsequences: false)
    StandardError.write("muster: " + lines.map { String($0).printable }.joined(separator: "\n") + "\n")
  }
}
