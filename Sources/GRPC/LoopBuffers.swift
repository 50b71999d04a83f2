internal import HTTP2

/// Memory that a connection needs only while it runs, shared by all connections of one loop.
///
/// Not Sendable: every connection made with it stays on the loop's thread.
public final class LoopBuffers {
  let session = SessionScratch()

  /// Buffers for one loop.
  public init() {}
}
