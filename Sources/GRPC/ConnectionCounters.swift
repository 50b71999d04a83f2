/// What a connection has done and what it has refused, since it was made.
public struct ConnectionCounters: Sendable, Hashable {
  /// Bytes handed to and taken from the driver, everything included (before TLS).
  public var bytesReceived: UInt64 = 0
  /// Bytes handed out to the driver.
  public var bytesSent: UInt64 = 0
  /// gRPC messages received whole.
  public var messagesReceived: UInt64 = 0
  /// gRPC messages queued for sending.
  public var messagesSent: UInt64 = 0
  /// Calls that began.
  public var callsStarted: UInt64 = 0
  /// Calls that ended with OK.
  public var callsSucceeded: UInt64 = 0
  /// Calls that ended with anything else.
  public var callsFailed: UInt64 = 0
  /// Requests answered without a handler: wrong content type or HTTP method, unknown
  /// compression, bad header.
  public var callsRefused: UInt64 = 0
  /// Calls whose deadline passed.
  public var deadlinesExceeded: UInt64 = 0
  /// Streams that the peer reset.
  public var resetsReceived: UInt64 = 0
  /// Streams reset from here.
  public var resetsSent: UInt64 = 0
  /// Streams reset because the peer broke the rules on them.
  public var resetsProvoked: UInt64 = 0
  /// Messages refused because they are over `maximumMessageBytes`.
  public var messagesTooLarge: UInt64 = 0
  /// Header lists refused because they are over `maximumHeaderListBytes`.
  public var headersTooLarge: UInt64 = 0
  /// Calls refused because messages that had arrived in part took `maximumUnfinishedBytes`.
  public var unfinishedOverrun: UInt64 = 0
  /// Calls ended because `maximumBufferedBytes` or `maximumConnectionBufferedBytes` were waiting to be sent.
  public var buffersOverrun: UInt64 = 0
  /// Calls that could not start because `maximumOpenCalls` were open (client).
  public var callsOverLimit: UInt64 = 0
  /// Keepalive PINGs sent.
  public var keepalivesSent: UInt64 = 0
  /// Connections (0 or 1) ended because a keepalive PING got no answer.
  public var keepalivesTimedOut: UInt64 = 0
  /// Connections (0 or 1) ended because the client sent too many PINGs.
  public var pingFloods: UInt64 = 0
  /// Connections (0 or 1) ended because the client did not end a frame that it had begun.
  public var frameTimeouts: UInt64 = 0
  /// Connections (0 or 1) ended because no call was open for long.
  public var idleTimeouts: UInt64 = 0
  /// Connections (0 or 1) ended because the peer broke HTTP/2.
  public var protocolViolations: UInt64 = 0

  /// All zero.
  public init() {}

  private static let all: [any WritableKeyPath<ConnectionCounters, UInt64> & Sendable] = [
    \.bytesReceived, \.bytesSent, \.messagesReceived, \.messagesSent, \.callsStarted, \.callsSucceeded,
    \.callsFailed, \.callsRefused, \.deadlinesExceeded, \.resetsReceived, \.resetsSent, \.resetsProvoked,
    \.messagesTooLarge, \.headersTooLarge, \.unfinishedOverrun, \.buffersOverrun, \.callsOverLimit,
    \.keepalivesSent,
    \.keepalivesTimedOut, \.pingFloods, \.frameTimeouts, \.idleTimeouts, \.protocolViolations,
  ]

  /// Adds each counter of another connection to this one's.
  public mutating func add(_ other: ConnectionCounters) {
    for counter in Self.all { self[keyPath: counter] &+= other[keyPath: counter] }
  }
}
