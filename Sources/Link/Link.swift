// Link drives one gRPC client connection from a poll loop that its caller owns: a non-blocking socket, OpenSSL where
// TLS is asked for, and `ClientConnection` on top. No thread but a short one for each name to resolve, no clock, no
// Foundation, no NIO.
//
// Invariants: no call blocks; no call raises SIGPIPE; work done in one call is bounded (`LinkLimits`); in the steady
// state Link allocates nothing itself (OpenSSL takes and gives back record buffers, so that an idle connection holds none).

public import GRPC
import Glibc

/// One connection to a gRPC server, opened and opened again, driven from the caller's poll loop.
///
///     link.open(at: now)
///     while running {
///       var watched = pollfd(fd: link.descriptor, events: link.interest, revents: 0)   // ask anew every time
///       poll(&watched, 1, millisecondsUntil(link.nextDeadline))
///       let event = watched.revents != 0 ? link.handle(revents: watched.revents, at: now) : link.tick(at: now)
///     }
///
/// Output that calls queue on `grpc` makes `interest` ask for POLLOUT, so the loop sends it by itself; `flush` sends it
/// now. To end gracefully, `grpc.close()` and go on polling until `.closed`; to end at once, `close()`.
/// Not Sendable: lives on its loop's thread. Handlers of calls, which run inside `handle`, `tick`, `flush` and `close`,
/// may call `close` and `flush`, but not `open`.
public final class Link {
  /// Where the link connects to.
  public let target: LinkTarget
  /// The gRPC connection: not nil from `.connected` until `.closed`. A new one for every connection.
  public var grpc: ClientConnection? {
    if case .open(let conversation) = state { conversation.grpc } else { nil }
  }
  /// Address of the peer and, with TLS, version and cipher; nil while there is none. For logs.
  public private(set) var peer: String?
  private var address = ""

  private enum State {
    case idle
    /// `open` failed at once, which the next call tells.
    case refused(LinkError)
    case dialing(Dialer)
    case open(Conversation)
  }

  private let tls: LinkTLS?
  private let configuration: ClientConfiguration
  private let limits: LinkLimits
  private let lookup: @Sendable (LinkTarget) -> Lookup.Answer
  private let traffic = Traffic()
  private let input = InputBuffer()

  private var state = State.idle
  private var context: TLSContext?
  /// A lookup that outlived its opening; the next one takes its answer instead of starting another thread.
  private var unansweredResolution: Resolution?
  /// IPv4 or IPv6, whichever worked last: a family that leads nowhere costs its timeout once.
  private var preferredFamily: Int32?
  private var now = Instant(nanoseconds: 0)
  private var isDriving = false
  private var isCloseRequested = false

  /// A link that is idle; nothing is read, resolved or connected before `open`.
  public convenience init(
    target: LinkTarget, tls: LinkTLS?, configuration: ClientConfiguration, limits: LinkLimits = LinkLimits()
  ) {
    self.init(
      target: target, tls: tls, configuration: configuration, limits: limits, lookup: { Lookup.resolve($0) })
  }

  init(
    target: LinkTarget, tls: LinkTLS?, configuration: ClientConfiguration, limits: LinkLimits,
    lookup: @escaping @Sendable (LinkTarget) -> Lookup.Answer
  ) {
    self.target = target
    self.tls = tls
    self.configuration = configuration
    self.limits = limits
    self.lookup = lookup
  }

  /// Bytes sent by all connections of this link: TLS and its handshakes included, TCP's own headers not.
  public var bytesSent: UInt64 { traffic.bytesSent }
  /// Bytes received, counted like `bytesSent`.
  public var bytesReceived: UInt64 { traffic.bytesReceived }
  /// Nothing is open or being opened, and no event is due: `open` may be called.
  public var isIdle: Bool { if case .idle = state { true } else { false } }

  // MARK: What to poll

  /// The descriptor to poll now; -1 (which `poll` skips) when there is none. Changes while the link is being opened.
  public var descriptor: Int32 {
    switch state {
    case .idle, .refused: -1
    case .dialing(let dialer): dialer.descriptor
    case .open(let conversation): conversation.channel.descriptor
    }
  }

  /// POLLIN and POLLOUT as wanted now.
  public var interest: Int16 {
    switch state {
    case .idle, .refused: 0
    case .dialing(let dialer): Int16(dialer.wait == .readable ? POLLIN : POLLOUT)
    case .open(let conversation): conversation.interest
    }
  }

  /// When to call `tick`; nil when time changes nothing. May lie in the past: then at once.
  public var nextDeadline: Instant? {
    switch state {
    case .idle: nil
    case .refused: now
    case .dialing(let dialer): dialer.nextDeadline
    case .open(let conversation): conversation.nextDeadline(at: now)
    }
  }

  // MARK: Driving

  /// Begins to connect; `handle` or `tick` tells how it went, within `LinkLimits.connectTimeout`.
  ///
  /// Does nothing unless the link is idle. The first call reads the files of `LinkTLS`.
  public func open(at now: Instant) {
    guard isIdle, !isDriving else { return }
    self.now = now
    do {
      if let tls, context == nil { context = try TLSContext(tls) }
    } catch {
      state = .refused(error)
      return
    }
    let plan = Dialer.Plan(target: target, limits: limits, lookup: lookup, traffic: traffic)
    let dialer = Dialer(plan, tls: context, preferredFamily: preferredFamily, at: now)
    state = .dialing(dialer)
    let outcome = dialer.start(resuming: unansweredResolution, at: now)
    unansweredResolution = nil
    if case .failed(let error) = outcome { state = .refused(error) }
  }

  /// Goes on after `poll` reported `revents` on `descriptor`.
  public func handle(revents: Int16, at now: Instant) -> LinkEvent? {
    guard revents != 0 else { return tick(at: now) }
    return drive(at: now) {
      switch state {
      case .idle: nil
      case .refused(let error): end(.failed(error))
      case .dialing(let dialer): dialed(dialer, dialer.advance(at: now))
      case .open(let conversation): progressed(conversation, conversation.move(at: now))
      }
    }
  }

  /// Lets time pass: timeouts, keepalive, deadlines of calls, and work left over from the last call.
  public func tick(at now: Instant) -> LinkEvent? {
    drive(at: now) {
      switch state {
      case .idle: nil
      case .refused(let error): end(.failed(error))
      case .dialing(let dialer): dialed(dialer, dialer.tick(at: now))
      case .open(let conversation): progressed(conversation, conversation.tick(at: now))
      }
    }
  }

  /// Sends what calls have queued, as far as the socket takes it.
  public func flush(at now: Instant) -> LinkEvent? {
    drive(at: now) {
      guard case .open(let conversation) = state else { return nil }
      return progressed(conversation, conversation.send(at: now))
    }
  }

  /// Ends the link at once: what is queued, a GOAWAY and TLS's goodbye are sent as far as the socket takes them
  /// without waiting. Calls that are open end with CANCELLED. No event follows; the link is idle.
  public func close() {
    guard !isDriving else {
      isCloseRequested = true
      return
    }
    isDriving = true
    defer { isDriving = false }
    if case .dialing(let dialer) = state { unansweredResolution = dialer.unansweredResolution }
    if case .open(let conversation) = state {
      conversation.finishNow(at: now)
      conversation.grpc.connectionLost(at: now)
    }
    state = .idle
    peer = nil
  }

  /// Runs `body` with the guard against handlers that call back into the link: their `close` is done behind it.
  private func drive(at now: Instant, _ body: () -> LinkEvent?) -> LinkEvent? {
    guard !isDriving else { return nil }
    self.now = now
    isDriving = true
    let event = body()
    isDriving = false
    guard isCloseRequested else { return event }
    isCloseRequested = false
    close()
    return nil
  }

  // MARK: Transitions

  private func dialed(_ dialer: Dialer, _ outcome: Dialer.Outcome) -> LinkEvent? {
    switch outcome {
    case .pending:
      return nil
    case .failed(let error):
      unansweredResolution = dialer.unansweredResolution
      return end(.failed(error))
    case .connected(let channel, let address):
      preferredFamily = address.family
      self.address = address.description
      peer = (channel as? TLSChannel).map { "\(address) (\($0.summary))" } ?? "\(address)"
      let authority = LinkTarget.join(host: tls?.serverName ?? target.host, port: target.port)
      let grpc = ClientConnection(
        configuration: configuration, authority: authority, scheme: tls == nil ? "http" : "https", at: now)
      state = .open(Conversation(channel, grpc, limits: limits, input: input))
      return .connected
    }
  }

  private func progressed(_ conversation: Conversation, _ progress: Conversation.Progress) -> LinkEvent? {
    guard case .over(let error) = progress else { return nil }
    conversation.grpc.connectionLost(at: now)
    return end(.closed(error?.prefixed(address)))
  }

  private func end(_ event: LinkEvent) -> LinkEvent {
    state = .idle
    peer = nil
    return event
  }
}
