internal import HTTP2

/// The server's end of one connection: takes calls, gives them to the router's handlers, keeps their
/// deadlines.
///
/// A drain goes in two steps, so that calls on their way are not lost (RFC 9113, 6.8):
///
///     serving ──drain──► noticed: GOAWAY 2^31-1, PING
///                          │ PING is back, or 1 s
///                          ▼
///                        draining: GOAWAY last stream ──last call ended──► finished
public final class ServerConnection: GRPCConnection {
  private enum Drain {
    case serving
    case noticed(until: Instant)
    case draining
  }

  /// Who is at the other end, as the driver names it: `192.0.2.7:51234`.
  public let peer: String
  /// What the connection shares with the others of its loop.
  public let buffers: LoopBuffers
  /// Whatever the application keeps per connection, for example who is speaking.
  public var attachment: AnyObject?
  /// How other threads get work onto this connection's loop. Set by the driver.
  public var executor: any LoopExecutor = ImmediateExecutor()

  let core: ConnectionCore
  private let terms: ServerTerms
  private let router: Router
  private var calls = CallTable()
  private var drain = Drain.serving
  /// Since when no call has been open, as far as was seen when the driver last told the time.
  private var idleSince: Instant?
  /// The frame that the client has begun and not ended, if there is one: since when, and what came before it.
  private var openFrame: (since: Instant, framesBefore: UInt64)?
  private var pings: PingStrikes
  private var provokedResets: ProvokedResets

  /// A connection that was just accepted.
  public init(
    configuration: ServerConfiguration, router: Router, peer: String,
    sharing buffers: LoopBuffers = LoopBuffers(), at now: Instant
  ) {
    terms = buffers.terms(of: configuration)
    self.router = router
    self.peer = peer
    self.buffers = buffers
    idleSince = now
    pings = PingStrikes(configuration.pings)
    provokedResets = ProvokedResets(configuration.provokedResets)
    core = ConnectionCore(
      .server, terms.connection,
      maximumConcurrentStreams: configuration.maximumConcurrentStreams, sharing: buffers, at: now)
  }

  /// What has happened so far.
  public var counters: ConnectionCounters { core.counters }
  /// Calls that have not ended.
  public var openCallCount: Int { calls.count }
  /// See `GRPCConnection`.
  public var wantsOutput: Bool { !core.isLost && core.session.wantsOutput }
  /// See `GRPCConnection`.
  public var isFinished: Bool { core.isFinished }
  /// See `GRPCConnection`.
  public var onOutputReady: (() -> Void)? {
    get { core.onOutputReady }
    set { core.onOutputReady = newValue }
  }

  /// See `GRPCConnection`.
  public var nextDeadline: Instant? {
    guard core.isAlive else { return nil }
    var next = core.nextDeadline(hasCalls: !calls.isEmpty) ?? .distantFuture
    if case .noticed(let until) = drain { next = min(next, until) }
    if let idleDeadline { next = min(next, idleDeadline) }
    if let frameDeadline { next = min(next, frameDeadline) }
    return next == .distantFuture ? nil : next
  }

  /// When the frame that the client has begun must have ended.
  private var frameDeadline: Instant? { openFrame.map { $0.since + terms.configuration.frameTimeout } }

  /// Leaves after a visit that told the time.
  private func leave() {
    if calls.isEmpty, idleSince == nil { idleSince = core.now }
    core.leave(hasCalls: !calls.isEmpty)
  }

  /// When the connection has been without calls for too long.
  private var idleDeadline: Instant? {
    guard calls.isEmpty, case .serving = drain, let timeout = terms.configuration.idleTimeout else {
      return nil
    }
    return (idleSince ?? core.now) + timeout
  }

  /// See `GRPCConnection`.
  public func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant) {
    guard core.isAlive else { return }
    core.enter(at: now)
    defer { leave() }
    core.keepalive.heard(at: core.now)
    core.counters.bytesReceived &+= UInt64(bytes.count)
    do throws(HTTP2Error) {
      try core.session.receive(bytes) { handle($0) }
    } catch {
      violated(error.code)
    }
    watchFrames()
  }

  private func watchFrames() {
    guard core.isAlive, core.session.isInsideFrame else { return openFrame = nil }
    let frames = core.session.framesReceived
    if openFrame?.framesBefore != frames { openFrame = (core.now, frames) }
  }

  /// See `GRPCConnection`.
  public func tick(at now: Instant) {
    guard core.isAlive else { return }
    core.enter(at: now)
    defer { leave() }
    expireCalls()
    if case .noticed(let until) = drain, core.now >= until { refuseNewCalls() }
    if let idleDeadline, core.now >= idleDeadline { endIdleness() }
    if let frameDeadline, core.now >= frameDeadline { giveUpFrame() }
    switch core.keepalive.tick(at: core.now, hasCalls: !calls.isEmpty) {
    case .ping:
      core.counters.keepalivesSent &+= 1
      core.session.ping(ConnectionCore.keepalivePing)
    case .giveUp:
      core.counters.keepalivesTimedOut &+= 1
      abandon(.noError)
    case nil: break
    }
  }

  /// See `GRPCConnection`.
  public func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    guard !core.isLost else { return false }
    core.enter()
    defer { core.leave(hasCalls: !calls.isEmpty) }
    // Sending can end a call and so make other output, even when it made no bytes.
    while true {
      let took = core.takeOutput(body)
      let delivered = core.session.deliver { handle($0) }
      if took || !delivered || !wantsOutput { return took }
    }
  }

  /// See `GRPCConnection`.
  public func connectionLost(at now: Instant) {
    guard !core.isLost else { return }
    core.enter(at: now)
    defer { core.leave(hasCalls: false) }
    core.lose()
    endCalls()
  }

  /// Takes no new calls after a short notice, and is finished when those that are open have ended.
  public func drain(at now: Instant) {
    guard core.isAlive, case .serving = drain else { return }
    core.enter(at: now)
    beginDrain()
    core.leave(hasCalls: !calls.isEmpty)
    core.outputArose()
  }

  /// Ends the connection now, and all calls with it.
  public func close() {
    core.enter()
    abandon(.noError)
    core.leave(hasCalls: false)
    core.outputArose()
  }
}

extension ServerConnection {
  private func handle(_ event: HTTP2Event) {
    switch event {
    case .headers(let headers) where headers.kind == .request: accept(headers)
    case .headers(let headers): if headers.isEnd { calls.find(headers.stream.id)?.receiveEnd() }
    case .data(let id, let bytes):
      // The connection's window is always given back, so that one call that does not read cannot starve the
      // others.
      core.session.consumeConnection(bytes.count)
      calls.find(id)?.receive(bytes)
    case .end(let id): calls.find(id)?.receiveEnd()
    case .endSent(let id): calls.remove(id)?.end(.finished)
    case .writable(let id): calls.find(id)?.becomeWritable()
    case .closed(let id, let code): closed(id, code)
    case .resetProvoked: provoked()
    case .ping: pinged()
    case .pingAcknowledged(let number): if number == ConnectionCore.drainPing { refuseNewCalls() }
    case .goAway: break
    case .goAwaySent(let code): violated(code)
    }
  }

  private func accept(_ event: HTTP2HeadersEvent) {
    switch RequestHead.read(event, codecs: core.terms.codecs) {
    case .refused(let headers):
      core.counters.callsRefused &+= 1
      if event.isTruncated { core.counters.headersTooLarge &+= 1 }
      core.session.respond(event.stream, headers, isEnd: true)
    case .accepted(let head):
      start(head, event)
    }
  }

  private func start(_ head: RequestHead, _ event: HTTP2HeadersEvent) {
    let deadline = head.timeout.map { core.now + $0 }
    let call = ServerCall(
      head, metadata: HTTPMapping.metadata(event.headers), deadline: deadline, connection: self, core: core,
      stream: event.stream)
    calls.insert(call)
    idleSince = nil
    core.counters.callsStarted &+= 1
    if let deadline { core.watch(deadline) }
    do throws(Status) {
      call.attach(try router.factory(for: head.path)(call))
    } catch {
      return call.finish(error)
    }
    if event.isEnd { call.receiveEnd() }
  }

  private func closed(_ id: Int32, _ code: HTTP2ErrorCode) {
    guard let call = calls.remove(id) else { return }
    if !call.stream.isReset { core.counters.resetsReceived &+= 1 }
    call.end(.cancelled)
  }

  private func beginDrain() {
    drain = .noticed(until: core.now + terms.configuration.drainNoticeTimeout)
    core.session.shutdownNotice()
    core.session.ping(ConnectionCore.drainPing)
  }

  private func expireCalls() {
    guard core.now >= core.earliestDeadline else { return }
    core.resetEarliestDeadline()
    for call in calls.inOrder {
      guard let deadline = call.deadline else { continue }
      if core.now >= deadline {
        calls.remove(call.stream.id)
        call.expire()
      } else {
        core.watch(deadline)
      }
    }
  }

  private func endIdleness() {
    core.counters.idleTimeouts &+= 1
    beginDrain()
  }

  private func giveUpFrame() {
    openFrame = nil
    guard core.isAlive else { return }
    core.counters.frameTimeouts &+= 1
    abandon(.enhanceYourCalm, debug: "frame_timeout")
  }

  private func refuseNewCalls() {
    guard case .noticed = drain else { return }
    drain = .draining
    core.session.goAway()
  }

  private func provoked() {
    core.counters.resetsProvoked &+= 1
    guard provokedResets.add(at: core.now), core.isAlive else { return }
    core.counters.protocolViolations &+= 1
    abandon(.enhanceYourCalm, debug: "too_many_stream_errors")
  }

  private func pinged() {
    let sent = core.session.streamFramesSent
    guard pings.ping(at: core.now, hasCalls: !calls.isEmpty, sent: sent), core.isAlive else { return }
    core.counters.pingFloods &+= 1
    abandon(.enhanceYourCalm, debug: "too_many_pings")
  }

  private func violated(_ code: HTTP2ErrorCode) {
    guard core.isAlive else { return }
    core.counters.protocolViolations &+= 1
    abandon(code)
  }

  private func abandon(_ code: HTTP2ErrorCode, debug: String = "") {
    core.abandon(code, debug: debug)
    endCalls()
  }

  private func endCalls() {
    let open = calls.inOrder
    calls.removeAll()
    for call in open { call.end(.connectionLost) }
  }

  func forget(_ call: ServerCall) {
    calls.remove(call.stream.id)
  }
}
