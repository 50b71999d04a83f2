// What is the same for every collector, whether its host is real or played: the connection (`LinkDriver`), the
// configuration (`ConfigKeeper`) and the commands (`CommandDesk`), brought together. Events and the time go in;
// what is to be done to the host goes out through a `CollectorBody`.
//
//     socket, time ─► LinkDriver ─► deliveries ─┬─► ConfigKeeper ─► apply, persist ─► body
//                         ▲                     ├─► CommandDesk  ─► effects ────────► body
//                         └── events, frames ◄──┴── status, output, results
//
// Each turn goes round until nothing is left to hand on.
import GRPC
import Glibc
import Logging
import Wire

/// Connection, configuration and commands of one collector.
final class CollectorCore {
  let driver: LinkDriver
  var keeper: ConfigKeeper
  let desk: CommandDesk
  var leases: ResolutionLeases
  let log: ConfigLog
  private(set) weak var body: (any CollectorBody)?
  /// What holds, before anything is shed.
  private(set) var settings: EffectiveSettings
  /// What frames are stamped with; empty: none but the local file.
  private(set) var stamp: [UInt8] = []
  /// How often frames are due now.
  private(set) var interval: Duration
  private var shedding = Shedding()
  /// What is to be done once nothing is left to say.
  private var leave: Leave?
  private var attachment: UInt64?
  private var wantsFrame = false
  private var isCarryingOn = false

  private enum Leave {
    case reconnect, shutdown
  }

  /// A core that does nothing until `start`.
  init(
    driver: LinkDriver, keeper: ConfigKeeper, desk: CommandDesk, minimumInterval: Duration, logger: Logger
  ) {
    self.driver = driver
    self.keeper = keeper
    self.desk = desk
    leases = ResolutionLeases(minimum: minimumInterval)
    log = ConfigLog(logger: logger)
    settings = keeper.settings
    interval = keeper.settings.interval
  }

  /// Begins: the settings that hold are applied, the first attempt to connect is made.
  func start(_ body: any CollectorBody, at now: Moment) {
    self.body = body
    let standing = keeper.standing
    driver.change { $0.configStands(standing) }
    put(keeper.settings, sha256: keeper.runningSHA256, at: now)
    driver.start(descriptors: body.descriptors, at: now)
    wantsFrame = false
    carryOn(at: now)
  }

  /// After a poll: what the socket wants, then what time wants.
  func advance(revents: Int16, at now: Moment) {
    driver.advance(revents: revents, descriptors: descriptors, at: now)
    carryOn(at: now)
    keeper.tick(at: now)
    if let deadline = leases.nextDeadline, deadline <= now.instant {
      leases.expire(at: now)
      renewInterval(at: now)
    }
    if let deadline = desk.nextDeadline, deadline <= now.instant { desk.step(at: now) }
    carryOn(at: now)
  }

  /// A frame is due.
  func sample(at now: Moment) {
    guard let body else { return }
    let frame = body.frame(driver.uplink.nextSequence, config: stamp, at: now)
    driver.collected(frame, descriptors: body.descriptors, at: now)
    carryOn(at: now)
  }

  /// Says goodbye; the second time without waiting.
  func stop(reason: String, at now: Moment) {
    driver.stop(reason: reason, descriptors: descriptors, at: now)
  }

  /// A command's effect came to its end.
  func finish(
    _ id: String, _ outcome: CommandOutcome, _ reason: String = "", output: [CommandOutput.Content] = [],
    at now: Moment
  ) {
    desk.finish(id, outcome, reason, output: output, at: now)
    carryOn(at: now)
  }

  /// The settings file was read again.
  func reloaded(_ local: CollectorSettings, at now: Moment) {
    desk.forbidden = Set(local.remote.forbidden)
    leases.minimum = local.remote.minimumInterval
    keeper.reloaded(local, at: now)
    let standing = keeper.standing
    driver.change {
      $0.configStands(standing)
      $0.forbids(local.remote.forbidden.map(\.rawValue))
    }
    carryOn(at: now)
  }

  /// So much is left out from now on.
  func shed(_ shedding: Shedding, at now: Moment) {
    self.shedding = shedding
    put(settings, sha256: stamp, at: now)
    carryOn(at: now)
  }

  /// When `advance` wants to be called; in the past when there is work.
  var nextDeadline: Instant? {
    let first = min(driver.nextDeadline ?? .distantFuture, keeper.nextDeadline ?? .distantFuture)
    let second = min(leases.nextDeadline ?? .distantFuture, desk.nextDeadline ?? .distantFuture)
    let next = min(first, second)
    return next < .distantFuture ? next : nil
  }

  var isStopped: Bool { driver.uplink.isStopped }

  var descriptors: [SeriesDescriptor] { body?.descriptors ?? [] }

  // MARK: Turns

  /// Hands on until nothing is left.
  private func carryOn(at now: Moment) {
    guard !isCarryingOn else { return }
    isCarryingOn = true
    while handOn(at: now) { driver.carryOn(descriptors: descriptors, at: now) }
    isCarryingOn = false
    if wantsFrame {
      wantsFrame = false
      sample(at: now)
    }
    if let leave {
      self.leave = nil
      depart(leave, at: now)
    }
  }

  /// True if there was something.
  private func handOn(at now: Moment) -> Bool {
    noteAttachment()
    var didAct = false
    while let delivery = driver.takeDelivery() {
      take(delivery, at: now)
      didAct = true
    }
    while let action = keeper.nextAction() {
      perform(action, at: now)
      didAct = true
    }
    if driver.isReadyForEvent || !driver.uplink.isAttached, let event = desk.takeEvent() {
      take(event, at: now)
      didAct = true
    }
    return didAct
  }

  /// What was asked on a connection that is gone need not be answered.
  private func noteAttachment() {
    let present = driver.uplink.isAttached ? driver.uplink.counters.connections : nil
    if attachment != nil, attachment != present { desk.connectionLost() }
    attachment = present
  }

  private func depart(_ leave: Leave, at now: Moment) {
    switch leave {
    case .reconnect: driver.change { $0.reconnect(at: now) }
    case .shutdown: driver.change { $0.stop(reason: "asked by an operator", at: now) }
    }
    driver.carryOn(descriptors: descriptors, at: now)
    carryOn(at: now)
  }

  // MARK: What comes

  private func take(_ delivery: UplinkDelivery, at now: Moment) {
    switch delivery {
    case .run(let command): desk.begin(command, at: now)
    case .cancel(let id): desk.cancel(id, at: now)
    case .confirmed(let sha256): keeper.confirmed(sha256, at: now)
    case .offered(let update): keeper.offered(update, at: now)
    case .rekey: rekey(at: now)
    }
  }

  private func take(_ event: CommandDesk.Event, at now: Moment) {
    switch event {
    case .output(let output): say(.output(output))
    case .result(let result): say(.result(result))
    case .effect(let effect, let id): perform(effect, for: id, at: now)
    }
  }

  private func say(_ event: CollectorEvent.Body) {
    if driver.uplink.isAttached { driver.change { $0.report(event) } }
  }

  private func rekey(at now: Moment) {
    guard let body else { return }
    do {
      let (identity, machine) = try body.makeIdentity(at: now)
      driver.change { $0.become(identity, machine: machine) }
    } catch {
      // Whoever sent us away does so again, and then this is tried again.
      log.noIdentity(error)
    }
  }

  private func perform(_ effect: Effect, for id: String, at now: Moment) {
    switch effect {
    case .setResolution(let action): setResolution(action, for: id, at: now)
    case .reconnect:
      leave = .reconnect
      desk.finish(id, .ok, "", output: [], at: now)
    case .shutdown:
      leave = .shutdown
      desk.finish(id, .ok, "", output: [], at: now)
    case .sampleNow, .reload, .logLevel, .plan: body?.perform(effect, for: id, at: now)
    }
  }

  // MARK: Configuration

  private func perform(_ action: ConfigAction, at now: Moment) {
    switch action {
    case .persist(let record):
      do throws(BodyFailure) {
        try body?.persist(record)
        keeper.persisted()
      } catch {
        log.notPersisted(error)
        keeper.persistFailed(error.description, at: now)
      }
    case .apply(let settings, let sha256):
      if let failure = put(settings, sha256: sha256, at: now) {
        keeper.applyFailed(failure.description, at: now)
      } else {
        keeper.applied(at: now)
      }
    case .say(let status):
      log.write(status)
      let standing = keeper.standing
      driver.change { $0.configStands(standing) }
      say(.configStatus(status))
    }
  }

  /// Makes settings hold, less what is shed. The next frame says so at once: the aggregator waits for it.
  @discardableResult
  private func put(_ settings: EffectiveSettings, sha256: [UInt8], at now: Moment) -> BodyFailure? {
    do throws(BodyFailure) {
      try body?.apply(shedding.settings(settings), at: now)
    } catch {
      log.notApplied(error)
      return error
    }
    wantsFrame = wantsFrame || sha256 != stamp
    self.settings = settings
    stamp = sha256
    driver.change {
      $0.resizeRing(settings.buffer)
      $0.heartbeatsChanged(interval: settings.heartbeatInterval, at: now)
    }
    renewInterval(at: now)
    return nil
  }

  // MARK: The interval

  private func setResolution(_ action: SetResolutionAction, for id: String, at now: Moment) {
    guard leases.hold(action, at: now) else {
      return desk.finish(
        id, .failed,
        "\(ResolutionLeases.maximumHolders) others hold this host's resolution already; wait for one to lapse",
        output: [], at: now)
    }
    renewInterval(at: now)
    desk.finish(id, .ok, "", output: [.text(resolutionText(action))], at: now)
  }

  private func renewInterval(at now: Moment) {
    let wanted = shedding.interval(leases.interval(configured: settings.interval, at: now))
    guard wanted != interval else { return }
    interval = wanted
    driver.change { $0.samplingChanged(interval: wanted, at: now) }
    body?.sampleEvery(wanted, at: now)
  }
}
