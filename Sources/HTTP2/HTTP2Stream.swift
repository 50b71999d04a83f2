/// One stream of a session, from its first headers on. The session does everything; this is its state.
public final class HTTP2Stream {
  /// What follows the bytes waiting to be sent.
  enum Ending {
    /// More bytes, later.
    case open
    /// END_STREAM on the last DATA frame.
    case data
    /// Trailers, with END_STREAM.
    case trailers(HTTP2Headers)
  }

  /// The stream's number.
  public let id: Int32
  /// Whether the peer has ended its side.
  public internal(set) var isRemoteEnded = false
  /// Whether the stream is gone; nothing can be sent any more.
  public internal(set) var isClosed = false

  /// Whether this side has reset it; the RST_STREAM may still be on its way.
  public internal(set) var isReset = false

  var outbound: ByteQueue
  var ending = Ending.open
  /// Whether nghttp2 waits to be told of more bytes.
  var isDeferred = false
  /// Whether a `write` returned false and `.writable` was not yet told.
  var isBlocked = false
  init(id: Int32, outbound: ByteQueue) {
    self.id = id
    self.outbound = outbound
  }

  /// Bytes waiting to be sent.
  public var bufferedBytes: Int { outbound.count }

  /// Whether fewer bytes are waiting than the high-water mark, or at most the low-water mark after a `write`
  /// that returned false.
  public var isWritable: Bool { !isBlocked && !isClosed }

  /// Whether this side has not been ended.
  public var isOpenForWriting: Bool {
    if case .open = ending { return !isClosed && !isReset }
    return false
  }
}
