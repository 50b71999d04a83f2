internal import HTTP2

/// Memory that a connection needs only while it runs, shared by all connections of one loop.
///
/// Not Sendable: every connection made with it stays on the loop's thread.
public final class LoopBuffers {
  let session = SessionScratch()
  /// Whatever the application shares among all connections of the loop.
  public var attachment: AnyObject?
  private var lastTerms: ServerTerms?

  /// Buffers for one loop.
  public init() {}

  /// What a configuration's connections have in common.
  func terms(of configuration: ServerConfiguration) -> ServerTerms {
    if let lastTerms, lastTerms.configuration == configuration { return lastTerms }
    let terms = ServerTerms(configuration)
    lastTerms = terms
    return terms
  }
}
