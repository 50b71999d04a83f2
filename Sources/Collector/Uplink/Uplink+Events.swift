import GRPC
public import Wire

extension Uplink {
  /// Whether the Attach call stands, and events may be said on it.
  public var isAttached: Bool { session.map { !$0.isControlFinished && !$0.isControlEnded } ?? false }

  /// Events that wait for the Attach call to take them.
  public var waitingEvents: Int { session?.events.count ?? 0 }

  /// Lets an event be said on the Attach call. Without one, or without room, it is dropped and counted.
  public mutating func report(_ event: CollectorEvent.Body) {
    guard isAttached, session?.events.append(event) == true else {
      counters.droppedEvents += 1
      return
    }
  }

  /// The next event to send on the Attach call; nil when there is none.
  public mutating func takeEvent() -> CollectorEvent? {
    // What is to be sent by way of an action already has its number: it goes first.
    guard isActedOut, isAttached else { return nil }
    return session?.events.take()
  }

  /// How often samples are taken now. The aggregator is told at once.
  public mutating func samplingChanged(interval: Duration, at now: Moment) {
    let milliseconds = UInt32(clamping: interval.saturatedMicroseconds / 1000)
    guard milliseconds != hello.intervalMilliseconds else { return }
    hello.intervalMilliseconds = milliseconds
    session?.heartbeats.hasten(at: now.instant)
  }

  /// What is left out to keep the budget, for people; empty: nothing. The aggregator is told at once.
  public mutating func sheds(_ what: String, at now: Moment) {
    guard what != shedding else { return }
    shedding = what
    session?.heartbeats.hasten(at: now.instant)
  }

  /// These commands are forbidden by the host's own administrator. The aggregator hears it with everything
  /// else: at the next connection, or when it asks.
  public mutating func forbids(_ commands: [String]) { hello.forbiddenCommands = commands }

  /// Heartbeats at another distance.
  public mutating func heartbeatsChanged(interval: Duration, at now: Moment) {
    guard interval != settings.heartbeatInterval else { return }
    settings.heartbeatInterval = interval
    let timeout = settings.heartbeatTimeout
    session?.heartbeats.change(interval: interval, timeout: timeout, at: now.instant)
  }

  /// Says an event before everything that waits.
  mutating func say(_ body: CollectorEvent.Body) {
    guard isAttached, let number = session?.events.number() else { return }
    act(.sendControl(CollectorEvent(sequence: number, body: body)))
  }

  /// Events are missing there: says everything, as it stands.
  mutating func reportAll(at now: Moment) {
    counters.fullReports += 1
    hello.wallTimeMicroseconds = now.wallMicroseconds
    say(.hello(hello))
  }
}
