public import GRPC
public import Wire

/// How it stands with the host's config, as Hello and Watch say it.
public struct ConfigStanding: Hashable, Sendable {
  /// The last thing to say about it, and what runs.
  public var status = ConfigStatus()
  /// What failed or was refused here.
  public var failed: [[UInt8]] = []

  /// Nothing but the local file runs, and nothing failed.
  public init() {}

  /// A standing of these parts.
  public init(status: ConfigStatus, failed: [[UInt8]]) {
    self.status = status
    self.failed = failed
  }
}

extension Uplink {
  /// How it stands with config from now on. `nil`: the host takes none from the aggregator, and asks for none.
  /// Where it takes some again, it asks from the next connection on.
  public mutating func configStands(_ standing: ConfigStanding?) {
    self.standing = standing
    hello.configStatus = standing?.status ?? ConfigStatus()
    hello.capabilities.removeAll { $0 == ConfigSchema.capability }
    if standing != nil { hello.capabilities.append(ConfigSchema.capability) } else { closeWatch() }
  }

  /// A config came down the Watch call.
  public mutating func received(_ update: ConfigUpdate, at now: Moment) {
    guard case .streaming(let session) = state, case .open = session.watch, standing != nil else {
      counters.ignoredCommands += 1
      return
    }
    act(.deliver(.offered(update)))
  }

  /// The Watch call is over. Another one follows, unless the aggregator does not know the call.
  public mutating func watchEnded(_ status: Status, at now: Moment) {
    guard case .streaming(var session) = state, case .open(let since) = session.watch else { return }
    if status.code == .unimplemented {
      session.watch = .off
    } else {
      if now.instant - since >= settings.stableAfter { watchBackoff.reset() }
      session.watch = .waiting(until: now.instant + watchBackoff.next())
    }
    state = .streaming(session)
  }

  /// The connection is greeted: the first Watch call of it.
  mutating func beginWatching(at now: Moment) {
    guard case .streaming(var session) = state, standing != nil else { return }
    watchBackoff.reset()
    session.watch = .waiting(until: now.instant)
    state = .streaming(session)
    openWatch(at: now)
  }

  /// Opens the Watch call when it is time.
  mutating func openWatch(at now: Moment) {
    guard case .streaming(var session) = state, let due = session.watch.due, due <= now.instant else {
      return
    }
    guard let standing else {
      session.watch = .off
      state = .streaming(session)
      return
    }
    session.watch = .open(since: now.instant)
    state = .streaming(session)
    act(
      .openWatch(
        WatchConfigRequest(
          hostID: hello.hostID, epoch: hello.epoch, runningSHA256: standing.status.runningSHA256,
          schema: ConfigSchema.version, failedSHA256: standing.failed)))
  }

  /// The connection is being left: no config is wanted any more.
  mutating func closeWatch() {
    guard var session else { return }
    if case .open = session.watch { act(.closeWatch) }
    session.watch = .off
    self.session = session
  }
}
