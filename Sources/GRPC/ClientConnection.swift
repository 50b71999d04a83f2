internal import HTTP2

/// The client's end of one connection: starts calls, keeps their deadlines, notices when the server goes.
public final class ClientConnection: GRPCConnection {
  let core: ConnectionCore
  private let configuration: ClientConfiguration
  private let authority: String
  private let scheme: String
  private var calls: [Int32: ClientCall] = [:]
  /// Calls started between two visits of the driver: their timeouts begin to run at the next one, which knows
  /// the time.
  private var unanchored: [(call: ClientCall, timeout: Duration)] = []
  /// Why the connection takes no more calls, once that is known: the server's GOAWAY, or what ended the
  /// connection. One sentence.
  public private(set) var farewell: String?

  /// A connection over a socket that was just connected. `scheme` is `http` or `https`, `authority` the host
  /// and port.
  public init(configuration: ClientConfiguration, authority: String, scheme: String, at now: Instant) {
    self.configuration = configuration
    self.authority = authority
    self.scheme = scheme
    core = ConnectionCore(
      .client, ConnectionTerms(configuration.limits, codecs: configuration.codecs),
      maximumConcurrentStreams: 0,
      sharing: LoopBuffers(), at: now)
  }

  /// What has happened so far.
  public var counters: ConnectionCounters { core.counters }
  /// Calls that have not ended.
  public var openCallCount: Int { calls.count }
  /// Whether `start` has a chance: false once the server said goodbye, or the connection failed.
  public var acceptsCalls: Bool { core.isAlive && core.session.acceptsRequests }
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
    unanchored.isEmpty || !core.isAlive ? core.nextDeadline(hasCalls: !calls.isEmpty) : core.now
  }

  /// Starts a call; its messages follow with `send`, and `halfClose` after the last.
  ///
  /// `timeout` runs from `now`, or, if that is not given, from the driver's next `tick` or `receive` (which
  /// `nextDeadline` then asks for at once). With a codec, messages are compressed unless `send` is told otherwise.
  /// Throws UNAVAILABLE when the connection takes no more calls,
  /// RESOURCE_EXHAUSTED when too many are open.
  public func start(
    _ path: String, metadata: Metadata = [:], timeout: Duration? = nil, codec: MessageCodec? = nil,
    at now: Instant? = nil, handler: any ClientCallHandler
  ) throws(Status) -> ClientCall {
    guard acceptsCalls else { throw Status(.unavailable, farewell ?? "the connection is closed") }
    guard calls.count < configuration.maximumOpenCalls else {
      core.counters.callsOverLimit &+= 1
      throw Status(.resourceExhausted, "\(configuration.maximumOpenCalls) calls are open on the connection")
    }
    let call = ClientCall(
      path: path, codec: codec, connection: self, core: core,
      stream: try open(path, metadata, timeout, codec), handler: handler)
    calls[call.stream.id] = call
    core.counters.callsStarted &+= 1
    if let timeout { anchor(call, timeout, at: now ?? (core.isEntered ? core.now : nil)) }
    core.outputArose()
    return call
  }

  /// See `GRPCConnection`.
  public func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant) {
    guard core.isAlive else { return }
    enter(at: now)
    defer { core.leave(hasCalls: !calls.isEmpty) }
    core.keepalive.heard(at: core.now)
    core.counters.bytesReceived &+= UInt64(bytes.count)
    do throws(HTTP2Error) {
      try core.session.receive(bytes) { handle($0) }
    } catch {
      violated(error.code, error.message)
    }
  }

  /// See `GRPCConnection`.
  public func tick(at now: Instant) {
    guard core.isAlive else { return }
    enter(at: now)
    defer { core.leave(hasCalls: !calls.isEmpty) }
    expireCalls()
    switch core.keepalive.tick(at: core.now, hasCalls: !calls.isEmpty) {
    case .ping:
      core.counters.keepalivesSent &+= 1
      core.session.ping(ConnectionCore.keepalivePing)
    case .giveUp:
      core.counters.keepalivesTimedOut &+= 1
      abandon(.noError, Status(.unavailable, "the server does not answer (keepalive timed out)"))
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
    endCalls(Status(.unavailable, farewell ?? "the connection was lost"))
  }

  /// Ends the connection now. Calls that are open end with CANCELLED.
  public func close() {
    core.enter()
    abandon(.noError, Status(.cancelled, "the connection was closed by the client"))
    core.leave(hasCalls: false)
    core.outputArose()
  }
}

extension ClientConnection {
  private func open(
    _ path: String, _ metadata: Metadata, _ timeout: Duration?, _ codec: MessageCodec?
  ) throws(Status) -> HTTP2Stream {
    var headers: HTTP2Headers = [
      ":method": "POST", ":scheme": scheme, ":path": path, ":authority": authority,
    ]
    if let timeout { headers.add("grpc-timeout", Timeout.format(timeout)) }
    headers.add("te", "trailers")
    headers.add("content-type", "application/grpc")
    if let codec { headers.add("grpc-encoding", codec.name) }
    if !core.terms.codecs.isEmpty { headers.add("grpc-accept-encoding", core.terms.codecs.acceptEncoding) }
    headers.add("user-agent", configuration.userAgent)
    headers.add(metadata)
    do throws(HTTP2Error) {
      return try core.session.request(headers)
    } catch {
      throw Status(.unavailable, error.message)
    }
  }

  private func anchor(_ call: ClientCall, _ timeout: Duration, at now: Instant?) {
    guard let now else { return unanchored.append((call, timeout)) }
    let deadline = now + timeout
    call.deadline = deadline
    core.watch(deadline)
  }

  private func enter(at now: Instant) {
    core.enter(at: now)
    for (call, timeout) in unanchored where !call.isEnded { anchor(call, timeout, at: core.now) }
    unanchored.removeAll(keepingCapacity: true)
  }

  private func handle(_ event: HTTP2Event) {
    switch event {
    case .headers(let headers): calls[headers.stream.id]?.receive(headers)
    case .data(let id, let bytes):
      // The connection's window is always given back, so that one call that does not read cannot starve the
      // others.
      core.session.consumeConnection(bytes.count)
      calls[id]?.receive(bytes)
    case .end(let id): calls[id]?.receiveEnd()
    case .endSent, .resetProvoked, .ping, .pingAcknowledged: break
    case .writable(let id): calls[id]?.becomeWritable()
    case .closed(let id, let code): if let call = calls[id] { closed(call, code) }
    case .goAway(_, let code, let debug): receiveGoAway(code, debug)
    case .goAwaySent(let code): violated(code, "\(code)")
    }
  }

  private func closed(_ call: ClientCall, _ code: HTTP2ErrorCode) {
    core.counters.resetsReceived &+= 1
    if code == .cancel, let deadline = call.deadline, core.now >= deadline {
      call.end(Status(.deadlineExceeded, "the deadline passed"))
    } else if code == .refusedStream, let farewell {
      call.end(Status(.unavailable, farewell))
    } else {
      call.end(HTTPMapping.status(ofReset: code))
    }
  }

  private func receiveGoAway(_ code: HTTP2ErrorCode, _ debug: String) {
    farewell = "the server is going away (\(code)\(debug.isEmpty ? "" : ": \(debug)"))"
  }

  private func expireCalls() {
    guard core.now >= core.earliestDeadline else { return }
    core.resetEarliestDeadline()
    for (_, call) in calls.sorted(by: { $0.key < $1.key }) {
      guard let deadline = call.deadline else { continue }
      if core.now >= deadline {
        if !call.isEnded { core.counters.deadlinesExceeded &+= 1 }
        call.abort(Status(.deadlineExceeded, "the deadline passed"))
      } else {
        core.watch(deadline)
      }
    }
  }

  private func violated(_ code: HTTP2ErrorCode, _ what: String) {
    guard core.isAlive else { return }
    core.counters.protocolViolations &+= 1
    abandon(code, Status(.unavailable, "the server broke HTTP/2: \(what)"))
  }

  private func abandon(_ code: HTTP2ErrorCode, _ status: Status) {
    core.abandon(code)
    farewell = status.message
    endCalls(status)
  }

  private func endCalls(_ status: Status) {
    let open = calls.sorted { $0.key < $1.key }
    for (_, call) in open { call.end(status) }
    unanchored.removeAll()
  }

  func forget(_ call: ClientCall) {
    calls.removeValue(forKey: call.stream.id)
  }
}
