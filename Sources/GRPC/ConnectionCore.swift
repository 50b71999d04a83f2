internal import HTTP2

/// What both halves of a connection have in common: the session, the clock as last told, keepalive, counters,
/// and telling the driver of output that arose by itself.
final class ConnectionCore {
  /// The PING numbers of this module; a peer only echoes them.
  static let keepalivePing: UInt64 = 0x6b65_6570_616c_6976
  static let drainPing: UInt64 = 0x6472_6169_6e69_6e67

  let session: HTTP2Session
  let terms: ConnectionTerms
  var counters = ConnectionCounters()
  var keepalive: Keepalive
  /// Memory of messages that have arrived in part.
  var unfinishedBytes = 0
  var onOutputReady: (() -> Void)?

  /// The latest time that the driver has told.
  private(set) var now: Instant
  /// A lower bound of all calls' deadlines; exact after each tick that reached it.
  private(set) var earliestDeadline = Instant.distantFuture
  /// Whether this side has given the connection up: what is queued is written, nothing more is taken.
  private(set) var isAbandoned = false
  /// Whether the socket is gone.
  private(set) var isLost = false
  /// Whether no call was open for a while since the driver last told the time: silence since then means
  /// nothing.
  private var wasIdle = true

  /// How deep inside `receive`, `tick`, … the connection is; output made there is picked up by the driver
  /// anyway.
  private var depth = 0
  private var isAnnounced = false

  init(
    _ role: HTTP2Session.Role, _ terms: ConnectionTerms, maximumConcurrentStreams: Int,
    sharing buffers: LoopBuffers, at now: Instant
  ) {
    self.terms = terms
    self.now = now
    keepalive = Keepalive(terms.limits, at: now)
    session = HTTP2Session(
      role: role, settings: HTTP2Settings(terms.limits, maximumConcurrentStreams: maximumConcurrentStreams),
      scratch: buffers.session)
  }

  /// Whether the driver is inside, so that `now` is the present.
  var isEntered: Bool { depth > 0 }

  var isFinished: Bool { isLost || isAbandoned || session.isOver }

  /// Whether the session is still worth talking to.
  var isAlive: Bool { !isLost && !isAbandoned }

  /// Enters with a time. Time does not go back, whatever the driver says.
  func enter(at time: Instant) {
    now = max(now, time)
    depth += 1
    if wasIdle { keepalive.heard(at: now) }
    wasIdle = false
  }

  /// Enters without a time.
  func enter() {
    depth += 1
  }

  func leave(hasCalls: Bool) {
    depth -= 1
    if !hasCalls { wasIdle = true }
  }

  /// Tells the driver, once, of output that arose outside of its calls.
  func outputArose() {
    guard depth == 0, !isAnnounced, !isLost else { return }
    isAnnounced = true
    onOutputReady?()
  }

  func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    isAnnounced = false
    // Most input is answered with nothing.
    guard session.wantsOutput else { return false }
    return session.takeOutput { bytes in
      counters.bytesSent &+= UInt64(bytes.count)
      body(bytes)
    }
  }

  func watch(_ deadline: Instant) {
    earliestDeadline = min(earliestDeadline, deadline)
  }

  func resetEarliestDeadline() {
    earliestDeadline = .distantFuture
  }

  func nextDeadline(hasCalls: Bool) -> Instant? {
    guard isAlive else { return nil }
    let keepalive = keepalive.deadline(hasCalls: hasCalls) ?? .distantFuture
    let next = min(earliestDeadline, keepalive)
    return next == .distantFuture ? nil : next
  }

  /// Gives the connection up after telling the peer why.
  func abandon(_ code: HTTP2ErrorCode, debug: String = "") {
    guard isAlive else { return }
    isAbandoned = true
    session.terminate(code, debug: debug)
  }

  func lose() {
    isLost = true
    onOutputReady = nil
  }
}
