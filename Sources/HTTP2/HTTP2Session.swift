// HTTP/2 (RFC 9113) as libnghttp2 1.52 speaks it, without a socket: bytes in, events out, bytes out.
//
//     bytes ──► receive ──► nghttp2 ──► inbox ──► handler(event)
//                              ▲                     │ request, respond, write, finish, consume, reset, …
//     bytes ◄── takeOutput ◄───┴─────────────────────┘
//
// Invariants:
// - nghttp2 is never re-entered. Its callbacks only append to the inbox; events are handed out after it
//   returned.
// - `.data` events point into the bytes given to `receive` (no copy), so they are valid only while it runs.
// - Window is given back only by `consume…`: who does not read does not get more.
// - Limits: inbox ≤ 1 event per 9 bytes of an input slice; header list ≤ `headerListBytes`; streams ≤
//   `maximumConcurrentStreams`.

internal import CNghttp2

/// One end of one HTTP/2 connection. Not Sendable: it lives on its connection's loop.
public final class HTTP2Session {
  /// Which end of the connection.
  public enum Role: Sendable {
    /// Opens streams.
    case client
    /// Answers them.
    case server
  }

  /// Which end this is.
  public let role: Role
  /// What it was made with.
  public let settings: HTTP2Settings

  /// nghttp2's session: made in `init`, freed in `deinit`, handed to nobody.
  let nghttp2: OpaquePointer
  /// What it shares with the other sessions of its thread.
  let scratch: SessionScratch

  /// Streams from their headers until their `.closed` event was handed out.
  var streams: [Int32: HTTP2Stream] = [:]
  /// Streams that were reset here and whose RST_STREAM is not sent yet. They may be gone by then: the peer may have
  /// reset them, too.
  var resetsWaiting: Set<Int32> = []
  /// Streams above this one are refused: it is named in a GOAWAY, which may still wait to be sent.
  var lastStreamAccepted = Int32.max
  /// What nghttp2 has told and the handler has not yet heard. Its memory is the scratch's.
  var inbox: [HTTP2Event] = []
  /// Where the peer's bytes stand.
  var position: FramePosition
  /// The header list being received; at most one at a time (RFC 9113, 4.3).
  var incoming = IncomingHeaders()
  /// Buffers of closed streams, for the next ones.
  var spareBuffers: [ByteQueue] = []

  /// Bytes that wait to be sent on all streams together.
  public internal(set) var bufferedBytes = 0
  /// HEADERS and DATA handed to the output.
  public internal(set) var streamFramesSent: UInt64 = 0

  /// Whether nghttp2 is on the stack.
  private(set) var isInside = false
  /// Whether events are being handed out.
  private(set) var isDelivering = false
  /// Whether nghttp2 gave up (bad preface, flooding, …): it is fed no more input.
  var isBroken = false
  /// Whether nghttp2 can no longer even send (out of memory): only the socket can be closed.
  var isDead = false
  /// Whether a GOAWAY went out or came in: without one nghttp2 goes on reading.
  var isEnding = false

  /// Makes a session and queues its SETTINGS.
  public init(
    role: Role, settings: HTTP2Settings = HTTP2Settings(), scratch: SessionScratch = SessionScratch()
  ) {
    self.role = role
    self.settings = settings
    self.scratch = scratch
    position = FramePosition(role)
    nghttp2 = SessionMaker.make(role, settings, scratch)
    nghttp2_session_set_user_data(nghttp2, Unmanaged.passUnretained(self).toOpaque())
    SessionMaker.submitSettings(nghttp2, role, settings)
  }

  deinit {
    nghttp2_session_del(nghttp2)
  }

  /// Runs `body` with nghttp2 on the stack.
  func inside<Result>(_ body: () -> Result) -> Result {
    precondition(!isInside, "nghttp2 re-entered: receive or takeOutput called from one of its callbacks")
    isInside = true
    defer { isInside = false }
    return body()
  }

  /// Hands out what is in the inbox, and what is added to it meanwhile. True when there was anything.
  @discardableResult
  public func deliver(_ handle: (HTTP2Event) -> Void) -> Bool {
    guard !isDelivering, !inbox.isEmpty else { return false }
    isDelivering = true
    defer { isDelivering = false }
    var next = 0
    while next < inbox.count {
      let event = inbox[next]
      next += 1
      handle(event)
      if case .closed(let id, _) = event { forget(id) }
    }
    scratch.giveBack(&inbox)
    return true
  }

  /// Whether the connection is over in nghttp2's eyes: a GOAWAY ended it, and all is written.
  public var isOver: Bool {
    isDead
      || isEnding && nghttp2_session_want_read(nghttp2) == 0 && nghttp2_session_want_write(nghttp2) == 0
  }

  /// Whether the peer has begun a frame or a header block and not ended it.
  public var isInsideFrame: Bool { position.isInside }
  /// How many frames the peer has ended.
  public var framesReceived: UInt64 { position.ends }

  /// Streams that are open in at least one direction.
  public var openStreamCount: Int { streams.count }

  private func forget(_ id: Int32) {
    guard let stream = streams.removeValue(forKey: id) else { return }
    bufferedBytes -= stream.outbound.count
    guard spareBuffers.count < HTTP2Settings.spareBuffersKept else { return }
    stream.outbound.clear()
    if stream.outbound.isWorthKeeping { spareBuffers.append(stream.outbound) }
    stream.outbound = ByteQueue()
  }
}
