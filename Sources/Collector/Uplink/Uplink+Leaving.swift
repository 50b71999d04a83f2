import GRPC
public import Wire

extension Uplink {
  /// Stops: says goodbye, sends what is left and waits for acknowledgements, within bounds. A second
  /// stop waits for nothing.
  public mutating func stop(reason: String, at now: Moment) {
    switch state {
    case .streaming(let session), .draining(let session, _):
      state = .leaving(session, until: now.instant + settings.goodbyeTimeout)
      closeWatch()
      say(.goodbye(Goodbye(reason: reason)))
      settle(at: now)
    case .idle, .waiting, .connecting, .greeting, .leaving: finishStop()
    case .stopped: break
    }
  }

  /// Goes on with leaving, or draining, when what it waits for has happened.
  mutating func settle(at now: Moment) {
    switch state {
    case .draining(let session, _), .leaving(let session, _):
      if case .leaving = state, isAllSent(session) { finishPush() }
      if session.push.isEnded, isAllSentAcknowledged(session) { finishControl() }
    default: break
    }
  }

  mutating func finishStop() {
    act(.closeLink)
    act(.report(.stopped(unacknowledged: ring.count)))
    act(.stopped)
    state = .stopped
  }

  /// The last thing to do; the aggregator's end of the call is what is waited for then.
  private mutating func finishControl() {
    guard session?.isControlFinished == false else { return }
    session?.isControlFinished = true
    act(.finishControl)
  }

  private func isAllSent(_ session: Session) -> Bool {
    guard let next = session.push.next else { return ring.isEmpty }
    return next >= ring.nextSequence
  }

  private func isAllSentAcknowledged(_ session: Session) -> Bool {
    ring.firstSequence >= session.push.next ?? 0
  }
}
