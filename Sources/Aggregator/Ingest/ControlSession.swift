package import GRPC
package import Wire

/// What follows from an event on a control stream.
package enum ControlAction: Sendable {
  /// To the collector.
  case send(AggregatorCommand)
  /// From the collector, for whoever gave the command.
  case output(CommandOutput)
  case result(CommandResult)
  /// The stream is over, with this status.
  case end(Status)
}

/// One control stream, as far as it decides: events in, actions out.
///
///     waiting ──Hello──► the host's control stream is free ─────────────► greeted ──Goodbye──► parted
///                 │      ... is open: contesting ─it closes, or 3 s─────────┘ │
///                 │                     └─it answers the probe─┐              └─superseded─┐
///                 └──── the id is another machine's ───────────┴─► over (Rekey)            └─► over (ABORTED)
///
/// A host has one control stream. Who comes second has the first one probed: if that is alive, the newcomer is a
/// clone and is told to take another id; if it is silent or gone, the newcomer takes its place.
///
/// Events are numbered. After a gap the collector is asked to say Hello again, as things stand.
///
/// Knows no socket and no clock. `ended` must be called once when the stream is over, however it ended.
package struct ControlSession {
  /// How long an open control stream may take to answer a probe.
  static let probePatience = Duration.seconds(3)

  enum State {
    case waiting
    case contesting(Contest)
    case greeted
    case parted
    case over
  }

  struct Contest {
    let hello: Hello
    let host: Host
    let probe: UInt64
    let opponent: UInt64
    let deadline: Instant
  }

  let fleet: Fleet
  let address: String
  let isOwn: Bool
  let line: ControlLine
  var state = State.waiting
  var sequence: UInt64 = 0
  var bootID = ""

  /// Who speaks; `nil` before Welcome.
  package private(set) var host: Host?
  /// What the Hello came to; `nil` before Welcome.
  private(set) var greeting: Greeting?
  /// The collector's epoch, from its Hello.
  private(set) var epoch: UInt64 = 0

  /// A stream that has just been opened from `address`, and is reached by `line`. `isOwn`: the aggregator's own.
  package init(fleet: Fleet, address: String, line: ControlLine, isOwn: Bool = false) {
    self.fleet = fleet
    self.address = address
    self.line = line
    self.isOwn = isOwn
  }

  /// When `tick` is to be called; `nil`: not by time alone.
  package var deadline: Instant? {
    if case .contesting(let contest) = state { contest.deadline } else { nil }
  }

  /// Takes one event. Returns what follows; throws the status that ends the stream.
  package mutating func receive(_ event: CollectorEvent, at now: Moment) throws(Status) -> [ControlAction] {
    let hasGap = try number(event.sequence)
    switch (state, event.body) {
    case (.waiting, .hello(let hello)):
      return try greet(hello, beaten: nil, at: now)
    case (.waiting, _):
      throw Status(.failedPrecondition, "the first event of a control stream must be Hello")
    case (.contesting, .goodbye):
      leaveContest()
      state = .parted
      return []
    case (.contesting, _), (.parted, _), (.over, _):
      return []
    case (.greeted, let body):
      let report: [ControlAction] = hasGap && !body.isHello ? [.send(.reportAll)] : []
      return report + (try take(body, at: now))
    }
  }

  /// Takes what another control stream of the host has to say.
  package mutating func receive(_ signal: ControlSignal, at now: Moment) throws(Status) -> [ControlAction] {
    switch (state, signal) {
    case (.contesting(let contest), .probeAnswered(let probe)) where probe == contest.probe:
      fleet.counters.clonesRekeyed.add()
      let name = contest.host.withRecord { "\($0.identity.instance) at \($0.address)" }
      return rekey("host_id \(contest.hello.hostID) is in use: \(name) has it, and is alive")
    case (.contesting(let contest), .opponentGone):
      return try greet(contest.hello, beaten: nil, at: now)
    case (.greeted, .superseded):
      state = .over
      if let host { fleet.runs.lost(host.id, stream: line.token) }
      return [
        .end(
          Status(.aborted, "another connection speaks for this host: it came when this one did not answer"))
      ]
    default:
      return []
    }
  }

  /// Time has passed.
  package mutating func tick(at now: Moment) throws(Status) -> [ControlAction] {
    guard case .contesting(let contest) = state, now.instant >= contest.deadline else { return [] }
    return try greet(contest.hello, beaten: contest.opponent, at: now)
  }

  /// The stream is over. Calls after the first do nothing.
  package mutating func ended(at now: Moment) {
    leaveContest()
    guard let host else { return }
    self.host = nil
    fleet.runs.lost(host.id, stream: line.token)
    let (wasController, saidGoodbye, others) = host.withRecord { record in
      record.presence.callEnded(at: now)
      guard record.controller === line else { return (false, false, [Contestant]()) }
      record.controller = nil
      defer { record.contestants = [] }
      return (true, record.presence.goodbyeReason != nil, record.contestants)
    }
    fleet.bus.moved(host.number)
    guard wasController, !isOwn else { return }
    fleet.unsaved.mark(host.id)
    fleet.hooks?.detached(host.id, stream: line.token, saidGoodbye: saidGoodbye, at: now)
    for other in others { other.line.tell(.signal(.opponentGone)) }
  }

  var isController: Bool { host?.withRecord { $0.controller === line } ?? false }
}

// MARK: - Who may speak

extension ControlSession {
  private mutating func greet(
    _ hello: Hello, beaten: UInt64?, at now: Moment
  ) throws(Status) -> [ControlAction] {
    let attachment = try fleet.attach(
      hello, on: line, address: address, isOwn: isOwn, beaten: beaten, at: now)
    switch attachment {
    case .welcomed(let host, let greeting, let acknowledged):
      self.host = host
      self.greeting = greeting
      epoch = hello.epoch
      bootID = hello.bootID
      state = .greeted
      return [
        .send(
          .welcome(
            Welcome(
              aggregatorVersion: MusterVersion.current, wallTimeMicroseconds: now.wallMicroseconds,
              acknowledgedSequence: acknowledged)))
      ]
    case .contested(let host, let probe, let opponent):
      state = .contesting(
        Contest(
          hello: hello, host: host, probe: probe, opponent: opponent,
          deadline: now.instant + Self.probePatience))
      return []
    case .rekeyed(let reason):
      return rekey(reason)
    }
  }

  private mutating func rekey(_ reason: String) -> [ControlAction] {
    leaveContest()
    state = .over
    return [
      .send(.rekey(reason: reason)),
      .end(Status(.aborted, "\(reason); take another host_id, and come back with it")),
    ]
  }

  private mutating func leaveContest() {
    guard case .contesting(let contest) = state else { return }
    state = .over
    contest.host.withRecord { record in record.contestants.removeAll { $0.line === line } }
  }
}
