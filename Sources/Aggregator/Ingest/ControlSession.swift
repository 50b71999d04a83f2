public import GRPC
public import Wire

/// One control stream, as far as it decides: events in, commands out.
///
///     waiting ──Hello──► greeted ──Goodbye──► parted
///        │                  │ Heartbeat ─► HeartbeatReply
///        └─ anything else ──┴─ a second Hello: FAILED_PRECONDITION
///
/// Knows no socket and no clock. `ended` must be called once when the stream is over, however it ended.
public struct ControlSession {
  /// What a Hello came to, for the log.
  public struct Greeting: Hashable, Sendable {
    /// The host was not in the registry.
    public var isNewHost: Bool
    /// Another control stream of the host is still open; this one speaks for the host from now on.
    public var supersedes: Bool
  }

  private enum State {
    case waiting
    case greeted
    case parted
  }

  private let fleet: Fleet
  private let address: String
  private let token: UInt64
  private var state = State.waiting

  /// Who speaks; `nil` before Hello.
  public private(set) var host: Host?
  /// What the Hello came to; `nil` before it.
  public private(set) var greeting: Greeting?
  /// The collector's epoch, from its Hello.
  public private(set) var epoch: UInt64 = 0

  /// A stream that has just been opened from `address`.
  public init(fleet: Fleet, address: String) {
    self.fleet = fleet
    self.address = address
    token = fleet.counters.attachmentsEver.add()
  }

  /// Takes one event. Returns what to answer; throws the status that ends the stream.
  public mutating func receive(
    _ event: CollectorEvent, at now: Moment
  ) throws(Status) -> AggregatorCommand? {
    switch (state, event) {
    case (.waiting, .hello(let hello)):
      return .welcome(try greet(hello, at: now))
    case (.greeted, .heartbeat(let heartbeat)):
      note(heartbeat)
      return .heartbeat(HeartbeatReply(id: heartbeat.id, wallTimeMicroseconds: now.wallMicroseconds))
    case (.greeted, .goodbye(let goodbye)):
      part(goodbye)
      return nil
    case (.parted, _):
      return nil
    case (.waiting, _):
      throw Status(.failedPrecondition, "the first event of a control stream must be Hello")
    case (.greeted, .hello):
      throw Status(.failedPrecondition, "Hello comes once; open another control stream to say it again")
    }
  }

  /// The stream is over. Calls after the first do nothing.
  public mutating func ended(at now: Moment) {
    guard let host else { return }
    self.host = nil
    host.withRecord { record in
      record.presence.callEnded(at: now)
      if record.controller == token { record.controller = nil }
    }
    fleet.bus.moved(host.number)
  }

  private mutating func greet(_ hello: Hello, at now: Moment) throws(Status) -> Welcome {
    let (host, isNew) = try fleet.callOpened(by: HostIdentity(hello), address: address, at: now)
    let (acknowledged, supersedes) = host.withRecord { record in
      let supersedes = record.controller != nil
      if record.identity.epoch == hello.epoch {
        record.controller = token
        record.takeOver(hello)
      }
      return (record.ledger.highest(of: hello.epoch), supersedes)
    }
    if supersedes { fleet.counters.doubleAttachments.add() }
    self.host = host
    epoch = hello.epoch
    greeting = Greeting(isNewHost: isNew, supersedes: supersedes)
    state = .greeted
    return Welcome(
      aggregatorVersion: MusterVersion.current, wallTimeMicroseconds: now.wallMicroseconds,
      acknowledgedSequence: acknowledged)
  }

  private func note(_ heartbeat: Heartbeat) {
    host?.withRecord { record in
      guard record.controller == token else { return }
      record.buffered = heartbeat.framesBuffered
      record.dropped = heartbeat.framesDropped
      record.presence.adopt(interval: heartbeat.intervalMilliseconds)
      if heartbeat.roundTripMicroseconds > 0 { record.clockOffset = heartbeat.clockOffsetMicroseconds }
    }
  }

  private mutating func part(_ goodbye: Goodbye) {
    state = .parted
    host?.withRecord { record in
      guard record.controller == token else { return }
      record.presence.goodbyeReason = goodbye.reason
    }
    if let host { fleet.bus.moved(host.number) }
  }
}

extension HostRecord {
  fileprivate mutating func takeOver(_ hello: Hello) {
    system = HostSystem(
      operatingSystem: hello.operatingSystem, kernelRelease: hello.kernelRelease,
      architecture: hello.architecture, collectorVersion: hello.collectorVersion)
    presence.goodbyeReason = nil
    presence.adopt(interval: hello.intervalMilliseconds)
  }
}
