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
  var settings: EffectiveSettings
  /// What frames are stamped with; empty: none but the local file.
  var stamp: [UInt8] = []
  /// How often frames are due now.
  var interval: Duration
  var shedding = Shedding()
  /// What is to be done once nothing is left to say.
  var leave: Leave?
  private var attachment: UInt64?
  /// Whether the next frame is to come at once.
  var wantsFrame = false
  private var isCarryingOn = false

  enum Leave {
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
    let (standing, interval) = (keeper.standing, interval)
    driver.change {
      $0.configStands(standing)
      $0.samplingChanged(interval: interval, at: now)
    }
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
    driver.collected(
      frame.bytes, descriptors: body.descriptors, ending: frame.endedDictionary, at: now)
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
    driver.change { $0.sheds(shedding.summary, at: now) }
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
    keeper.acknowledged(through: driver.uplink.ring.acknowledgedThrough, at: now)
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
}
