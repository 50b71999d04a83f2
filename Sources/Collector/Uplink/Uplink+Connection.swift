import GRPC
public import Wire

extension Uplink {
  /// Begins: the first attempt to connect is made at once.
  public mutating func start() {
    guard case .idle = state else { return }
    connect()
  }

  /// The connection stands: introduce ourselves.
  public mutating func linkConnected(at now: Moment) {
    guard case .connecting = state else { return }
    hello.wallTimeMicroseconds = now.wallMicroseconds
    state = .greeting(Greeting(sent: now, hello: hello))
    act(.openControl(hello))
  }

  /// The attempt to connect came to nothing.
  public mutating func linkFailed(_ reason: String, at now: Moment) {
    guard case .connecting = state else { return }
    retry(.unreachable(reason), at: now)
  }

  /// The connection is gone.
  public mutating func linkClosed(_ reason: String, at now: Moment) {
    switch state {
    case .greeting: retry(.unreachable(reason), at: now)
    case .streaming: retry(.lost(reason), at: now)
    case .draining: leaveForAnother(at: now)
    case .leaving: finishStop()
    case .idle, .waiting, .connecting, .stopped: break
    }
  }

  /// The aggregator said that it is going away (GOAWAY): end what is under way, then come back.
  public mutating func goingAway(at now: Moment) {
    switch state {
    case .greeting: retry(.unreachable("the aggregator is going away"), at: now)
    case .streaming(let session):
      act(.report(.goingAway))
      drain(session, at: now)
    case .idle, .waiting, .connecting, .draining, .leaving, .stopped: break
    }
  }

  /// Leaves in good order, and comes back at once: somebody asked for it.
  public mutating func reconnect(at now: Moment) {
    guard case .streaming(let session) = state else { return }
    act(.report(.reconnecting))
    drain(session, at: now)
  }

  private mutating func drain(_ session: Session, at now: Moment) {
    state = .draining(session, until: now.instant + settings.drainTimeout)
    closeWatch()
    finishPush()
    settle(at: now)
  }

  /// Time passed.
  public mutating func tick(at now: Moment) {
    switch state {
    case .idle, .connecting, .stopped: break
    case .waiting(let until):
      if now.instant >= until { connect() }
    case .greeting(let greeting):
      if now.instant >= greeting.sent.instant + settings.welcomeTimeout {
        retry(.unreachable("no answer to Hello for \(settings.welcomeTimeout)"), at: now)
      }
    case .streaming(let session):
      beat(session, at: now)
      openWatch(at: now)
    case .draining(_, let until):
      if now.instant >= until { leaveForAnother(at: now) }
    case .leaving(_, let until):
      if now.instant >= until { finishStop() }
    }
  }

  /// Why a connection, or an attempt at one, is over.
  enum Setback {
    case unreachable(String)
    case lost(String)
    case refused(Status)
  }

  mutating func retry(_ setback: Setback, at now: Moment) {
    forgiveIfStable(at: now)
    let wait: Duration
    switch setback {
    case .unreachable(let reason):
      counters.failedAttempts += 1
      wait = backoff.next()
      act(.report(.unreachable(reason: reason, retryIn: wait)))
    case .lost(let reason):
      wait = backoff.next()
      act(.report(.lost(reason: reason, retryIn: wait)))
    case .refused(let status):
      wait = backoff.afterRefusal()
      act(.report(.refused(status, retryIn: wait)))
    }
    act(.closeLink)
    state = .waiting(until: now.instant + wait)
  }

  /// Leaves a connection in good order for another: at once, unless that happens again and again.
  mutating func leaveForAnother(at now: Moment) {
    forgiveIfStable(at: now)
    act(.closeLink)
    let wait = backoff.immediately()
    if wait == .zero { connect() } else { state = .waiting(until: now.instant + wait) }
  }

  private mutating func connect() {
    state = .connecting
    act(.connect)
  }

  mutating func forgiveIfStable(at now: Moment) {
    if let session, now.instant - session.since >= settings.stableAfter { backoff.reset() }
  }
}
