/// The limits and times that hold for both halves of a connection.
public struct ConnectionLimits: Sendable, Hashable {
  /// The largest message taken from the peer, in bytes; decided from the 5-byte prefix. A larger one ends its
  /// call with RESOURCE_EXHAUSTED.
  public var maximumMessageBytes = 4 << 20
  /// Above this many bytes waiting in a call, `send` returns false.
  public var writeHighWaterBytes = 64 << 10
  /// Once at or below this many bytes again, the handler's `writable` is called.
  public var writeLowWaterBytes = 16 << 10
  /// With this many bytes already waiting in a call, another `send` ends it with RESOURCE_EXHAUSTED: its
  /// handler ignored `send`'s answer.
  public var maximumBufferedBytes = 8 << 20
  /// With this many bytes already waiting in all calls of the connection together, the same happens to the call that
  /// sends (server).
  public var maximumConnectionBufferedBytes = 16 << 20
  /// Memory that messages may take that have arrived in part, in all calls of the connection together; the call that
  /// goes over it ends with RESOURCE_EXHAUSTED (server).
  public var maximumUnfinishedBytes = 8 << 20
  /// The largest header list taken, in bytes as RFC 9113, 6.5.2 counts them (name + value + 32 for each
  /// field).
  public var maximumHeaderListBytes = 8 << 10
  /// How many bytes the peer may send on one stream before it is given window back.
  public var initialStreamWindowBytes = 256 << 10
  /// The same for all streams of the connection together.
  public var connectionWindowBytes = 1 << 20
  /// Silence from the peer after which a PING is sent; nil sends none.
  public var keepaliveInterval: Duration?
  /// Silence after that PING which ends the connection.
  public var keepaliveTimeout: Duration = .seconds(20)
  /// Whether keepalive runs while no call is open. Foreign servers punish that (GOAWAY "too_many_pings").
  public var keepaliveWithoutCalls = false

  /// The defaults.
  public init() {}
}

/// How a `ServerConnection` behaves.
public struct ServerConfiguration: Sendable, Hashable {
  /// Limits and times.
  public var limits = ConnectionLimits()
  /// Calls that one client may have open at once on a connection.
  public var maximumConcurrentStreams = 100
  /// How long the first step of a drain waits for its PING to come back.
  public var drainNoticeTimeout: Duration = .seconds(1)
  /// How many streams clients may have reset by breaking the rules on them.
  public var provokedResets = ResetLimits()
  /// How often clients may send PINGs.
  public var pings = PingLimits()
  /// A frame, header block or preface that the client has begun must end within this time, or the connection ends with
  /// ENHANCE_YOUR_CALM and `frame_timeout`.
  public var frameTimeout: Duration = .seconds(30)
  /// A connection without an open call for so long is drained. Nil: it may stay.
  public var idleTimeout: Duration?
  /// How messages may be compressed, besides not at all. The client is told.
  public var codecs: [MessageCodec] = []

  /// The defaults: keepalive PINGs after 2 minutes of silence while a call is open.
  public init() {
    limits.keepaliveInterval = .seconds(120)
  }
}

/// How a `ClientConnection` behaves.
public struct ClientConfiguration: Sendable, Hashable {
  /// Limits and times.
  public var limits = ConnectionLimits()
  /// Calls open or waiting at once; one more is refused with RESOURCE_EXHAUSTED.
  public var maximumOpenCalls = 1000
  /// How responses may be compressed, besides not at all. The server is told.
  public var codecs: [MessageCodec] = []
  /// The `user-agent` header.
  public var userAgent = "grpc-swift-muster"

  /// The defaults: keepalive PINGs after 30 seconds of silence while a call is open.
  public init() {
    limits.keepaliveInterval = .seconds(30)
  }
}
