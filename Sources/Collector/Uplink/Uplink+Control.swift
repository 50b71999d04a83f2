public import GRPC
public import Wire

extension Uplink {
  /// A command came down the Attach call.
  public mutating func received(_ command: AggregatorCommand, at now: Moment) {
    switch (command, state) {
    case (.welcome(let welcome), .greeting(let greeting)): begin(welcome, after: greeting, at: now)
    case (.acknowledge(let acknowledge), _) where session != nil: take(acknowledge, at: now)
    case (.heartbeat(let reply), _) where session != nil: take(reply, at: now)
    case (.probe(let id), _) where session != nil: say(.probeReply(id))
    case (.reportAll, _) where session != nil: reportAll(at: now)
    case (.run(let command), .streaming), (.run(let command), .draining): act(.deliver(.run(command)))
    case (.cancel(let id), _) where session != nil: act(.deliver(.cancel(id: id)))
    case (.configConfirm(let sha256), _) where session != nil: act(.deliver(.confirmed(sha256: sha256)))
    case (.rekey(let reason), .greeting), (.rekey(let reason), .streaming): rekey(reason, at: now)
    default: counters.ignoredCommands += 1
    }
  }

  /// The Attach call is over.
  public mutating func controlEnded(_ status: Status, at now: Moment) {
    switch state {
    case .greeting: retry(Self.setback(status, "Attach", established: false), at: now)
    case .streaming: retry(Self.setback(status, "Attach", established: true), at: now)
    // Asked for or not: without it no acknowledgement can come.
    case .draining: leaveForAnother(at: now)
    case .leaving(var session, let until):
      session.isControlEnded = true
      state = .leaving(session, until: until)
      finishStop()
    case .idle, .waiting, .connecting, .stopped: break
    }
  }

  /// Our wall clock was set: the measured offset, and what is under way to measure it, are void.
  public mutating func wallClockWasSet() {
    clockOffset.forget()
    session?.heartbeats.forgetOutstandingTimes()
  }

  /// Heartbeats: sends the one that is due, or gives the connection up.
  mutating func beat(_ session: Session, at now: Moment) {
    guard now.instant < session.heartbeats.expires else {
      counters.heartbeatTimeouts += 1
      return retry(.lost("no answer to heartbeats for \(settings.heartbeatTimeout)"), at: now)
    }
    guard now.instant >= session.heartbeats.due else { return }
    var session = session
    let id = session.heartbeats.send(at: now)
    state = .streaming(session)
    say(.heartbeat(heartbeat(id, at: now)))
  }

  /// What an ended call means for the connection.
  static func setback(_ status: Status, _ call: String, established: Bool) -> Setback {
    switch status.code {
    case .unauthenticated, .permissionDenied, .invalidArgument, .unimplemented, .failedPrecondition:
      return .refused(status)
    default:
      let reason = "the aggregator ended \(call): \(status)"
      return established ? .lost(reason) : .unreachable(reason)
    }
  }

  private mutating func begin(_ welcome: Welcome, after greeting: Greeting, at now: Moment) {
    counters.connections += 1
    clockOffset.add(
      askedWall: greeting.sent.wallMicroseconds, answeredWall: welcome.wallTimeMicroseconds,
      roundTrip: now.instant - greeting.sent.instant)
    if welcome.acknowledgedSequence > ring.collected { counters.ignoredAcknowledgements += 1 }
    ring.acknowledge(through: welcome.acknowledgedSequence)
    let heartbeats = Heartbeats(
      interval: settings.heartbeatInterval, timeout: settings.heartbeatTimeout, at: now.instant)
    let session = Session(since: now.instant, heartbeats: heartbeats)
    state = .streaming(session)
    act(.report(.connected(aggregatorVersion: welcome.aggregatorVersion, buffered: ring.count)))
    act(.openPush)
    beat(session, at: now)
    // What has changed since nobody was told: there was no call to tell it on.
    if hello != greeting.hello { say(.hello(hello)) }
    beginWatching(at: now)
  }

  private mutating func take(_ reply: HeartbeatReply, at now: Moment) {
    guard let sent = session?.heartbeats.answered(reply.id, at: now.instant) else {
      counters.ignoredCommands += 1
      return
    }
    clockOffset.add(
      askedWall: sent.wallMicroseconds, answeredWall: reply.wallTimeMicroseconds,
      roundTrip: now.instant - sent.instant)
  }

  private func heartbeat(_ id: UInt64, at now: Moment) -> Heartbeat {
    let offset = clockOffset.best
    return Heartbeat(
      id: id, wallTimeMicroseconds: now.wallMicroseconds,
      clockOffsetMicroseconds: offset?.offsetMicroseconds ?? 0,
      // 0 stands for "not measured".
      roundTripMicroseconds: offset.map { UInt64(max(1, $0.roundTripMicroseconds)) } ?? 0,
      framesCollected: ring.collected, framesAcknowledged: ring.acknowledged,
      framesBuffered: UInt64(ring.count), framesDropped: ring.dropped,
      intervalMilliseconds: hello.intervalMilliseconds, shedding: shedding)
  }
}
