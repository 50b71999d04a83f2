/// Why a link failed or closed: a code to decide by, and a sentence for people.
public struct LinkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing went wrong.
  public enum Code: String, Sendable {
    /// A file or value of `LinkTLS` cannot be used. Trying again changes nothing until it is corrected.
    case configuration
    /// The name could not be resolved.
    case resolution
    /// No address accepted a connection.
    case unreachable
    /// The peer did not answer in time.
    case timeout
    /// The peer's certificate was not accepted.
    case certificate
    /// TLS failed for another reason, on either side.
    case tls
    /// The peer does not speak HTTP/2.
    case noHTTP2
    /// The peer closed an established connection without saying why.
    case closedByPeer
    /// An established connection broke.
    case connectionLost
    /// The peer broke HTTP/2, or ended the connection with an error.
    case peerError
  }

  /// What kind of thing went wrong.
  public let code: Code
  /// What happened, with whom, and what to do when that is known. One line.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ code: Code, _ failure: SystemFailure) {
    self.init(code, failure.description)
  }

  /// The sentence.
  public var description: String { message }

  func prefixed(_ context: String) -> LinkError { LinkError(code, "\(context): \(message)") }
}
