/// What a session announces to its peer, and its own limits.
public struct HTTP2Settings: Sendable, Hashable {
  /// SETTINGS_INITIAL_WINDOW_SIZE: bytes the peer may send on a stream before it is given window back.
  public var streamWindowBytes = 256 << 10
  /// The same for the connection as a whole.
  public var connectionWindowBytes = 1 << 20
  /// SETTINGS_MAX_CONCURRENT_STREAMS: streams that the peer may have open at once.
  public var maximumConcurrentStreams = 100
  /// SETTINGS_MAX_HEADER_LIST_SIZE, enforced: of a longer list the rest is dropped and the event says so.
  public var headerListBytes = 8 << 10
  /// Above this many bytes waiting in a stream, `write` returns false.
  public var writeHighWaterBytes = 64 << 10
  /// At or below this many again, `.writable` is told.
  public var writeLowWaterBytes = 16 << 10
  /// Acknowledgements (of PING, SETTINGS) that may wait to be sent; one more means a flood and ends the
  /// session.
  public var maximumOutboundAcknowledgements = 100
  /// Frames other than DATA that may still wait to be sent when further bytes of a client come; more means that it does
  /// not read, and ends the session.
  public var maximumOutboundFrames = 1000
  /// RST_STREAMs of the peer taken in a burst before it counts as an attack ("rapid reset").
  public var resetBurst = 500
  /// RST_STREAMs of the peer taken per second in the long run.
  public var resetsPerSecond = 50

  /// The defaults.
  public init() {}

  /// A header list so many times over the limit has its stream reset; up to there the event tells of it.
  static let headerListExcess = 4
  /// Input is given to nghttp2 in slices of this size, which bounds the inbox.
  static let receiveSliceBytes = 64 << 10
  /// Frames are gathered until a chunk of output has this size.
  static let outputChunkBytes = 16 << 10
  /// Buffers of closed streams kept for new ones.
  static let spareBuffersKept = 4
}
