import Collector
import GRPC
import VirtualTime
import Wire

/// One life of a collector's program: what `CollectorCore` and `LinkDriver` do, with values instead of bytes.
/// The decisions are those of `Uplink` and `ConfigKeeper`.
final class CollectorProcess {
  let machine: Machine
  let world: World
  var uplink: Uplink
  var keeper: ConfigKeeper
  var cable: Cable?
  var frames: SelfFrames
  var stamp: [UInt8] = []
  var interval: Duration
  var wantsFrame = false
  /// What runs keeps it from reaching anybody.
  var isCutOff = false
  private(set) var isAlive = true
  /// A step that takes long is under way: nothing else happens in the meantime.
  private var isBusy = false
  private var mailbox: [() -> Void] = []
  private var isTurning = false
  var deliveries: [UplinkDelivery] = []
  var isPushOpen = false
  var attempts = 0
  var sentSequence: UInt64?
  /// The last that was sent on the stream before, on this connection.
  var endedAfter: UInt64?
  var scratch: [UInt8] = []
  private var nextSample: Instant
  private var armedFor: Instant?

  init(_ machine: Machine, _ world: World, record: ConfigRecord?, epoch: UInt64) {
    self.machine = machine
    self.world = world
    let hello = Hello(
      hostID: machine.hostID, bootID: "boot-\(machine.index)", epoch: epoch, instance: machine.name,
      labels: machine.labels,
      intervalMilliseconds: UInt32(machine.settings.interval.microseconds / 1000), wallTimeMicroseconds: 0,
      capabilities: [ConfigSchema.capability])
    var settings = UplinkSettings()
    settings.heartbeatInterval = machine.settings.heartbeatInterval
    uplink = Uplink(hello: hello, settings: settings, seed: world.chance.next())
    keeper = ConfigKeeper(local: machine.settings, record: record)
    frames = SelfFrames(at: world.moment)
    interval = machine.settings.interval
    nextSample = world.timeline.now + world.chance.duration(.zero...machine.settings.interval)
  }

  var now: Moment { world.moment }

  // MARK: Life

  func start() {
    uplink.configStands(keeper.standing)
    put(keeper.settings, sha256: keeper.runningSHA256)
    guard isAlive else { return }
    wantsFrame = false
    uplink.start()
    carryOn()
  }

  func stop() {
    happen { $0.uplink.stop(reason: "SIGTERM", at: $0.now) }
  }

  /// Gone. What the kernel took of it before may still arrive.
  func die() {
    isAlive = false
    if world.chance.happens(0.5) { cable?.cut(silently: false) } else { cable?.closeByCollector() }
    cable = nil
    mailbox = []
  }

  // MARK: What comes

  /// Something happens to it, as soon as it has time for it.
  func happen(_ body: @escaping (CollectorProcess) -> Void) {
    guard isAlive else { return }
    if isBusy || isTurning {
      mailbox.append { [unowned self] in body(self) }
    } else {
      body(self)
      carryOn()
    }
  }

  // MARK: Turns

  /// Until nothing is left to do.
  func carryOn() {
    guard !isTurning, !isBusy, isAlive else { return }
    isTurning = true
    repeat {
      while isAlive, !isBusy, turn() {}
      if wantsFrame, isAlive, !isBusy {
        wantsFrame = false
        sample()
      }
    } while isAlive && !isBusy && hasMore
    isTurning = false
    if isAlive, !isBusy { arm() }
  }

  private var hasMore: Bool {
    guard !mailbox.isEmpty else { return false }
    mailbox.removeFirst()()
    return true
  }

  /// One round of all that is to be handed on. False: there was nothing.
  private func turn() -> Bool {
    var didAct = false
    while let event = uplink.takeEvent() { cable?.send(.event(event)) }
    sendFrames()
    while isAlive, let action = uplink.nextAction() {
      didAct = true
      perform(action)
    }
    while isAlive, !deliveries.isEmpty {
      didAct = true
      take(deliveries.removeFirst())
    }
    keeper.acknowledged(through: uplink.ring.acknowledgedThrough, at: now)
    while isAlive, !isBusy, let action = keeper.nextAction() {
      didAct = true
      perform(action)
    }
    return didAct
  }

  private func take(_ delivery: UplinkDelivery) {
    switch delivery {
    case .confirmed(let sha256): keeper.confirmed(sha256)
    case .offered(let update): take(update)
    case .rekey(let reason): world.journal.complain("\(machine.name) is to be another host: \(reason)")
    case .run, .cancel: break
    }
  }

  // MARK: Time

  func sample() {
    let sequence = uplink.nextSequence
    let isExpensive = keeper.settings.labels.contains {
      $0.name == "poison" && $0.value == Poison.cpu.rawValue
    }
    let ended = world.strikes(world.weather.compactions) ? frames.beginDictionary() : nil
    let frame = frames.encode(sequence, stamp: stamp, factor: isExpensive ? 10 : 1, at: now)
    frame.withUnsafeBytes { uplink.collected($0, ending: ended) }
    nextSample = world.timeline.now + interval
    sendFrames()
    while turn() {}
  }

  /// Samples are due at another distance.
  func sampleEvery(_ interval: Duration) {
    guard interval != self.interval else { return }
    self.interval = interval
    nextSample = min(nextSample, world.timeline.now + interval)
    uplink.samplingChanged(interval: interval, at: now)
  }

  private func arm() {
    let due = min(uplink.nextDeadline ?? .distantFuture, keeper.nextDeadline ?? .distantFuture, nextSample)
    if let armedFor, armedFor <= due { return }
    armedFor = due
    world.timeline.at(due) { [weak self] in
      guard let self, self.armedFor == due else { return }
      self.armedFor = nil
      self.happen { $0.advance() }
    }
  }

  private func advance() {
    uplink.tick(at: now)
    keeper.tick(at: now)
    if nextSample <= world.timeline.now { sample() }
  }

  // MARK: Steps that take time

  /// Does something now, or, on a slow host, a while later; nothing else happens there in between.
  func step(_ body: @escaping (CollectorProcess) -> Void) {
    guard machine.pace > .zero else { return body(self) }
    isBusy = true
    world.timeline.after(machine.pace) { [weak self] in
      guard let self, self.isAlive else { return }
      self.isBusy = false
      body(self)
      self.carryOn()
      guard self.isAlive, !self.isBusy else { return }
      self.happen { $0.advance() }
    }
  }

  /// Whether it crashes at this very step.
  func crashesHere(_ probability: Double? = nil) -> Bool {
    guard probability.map({ $0 >= 1 }) ?? world.strikes(world.weather.stepCrashes) else { return false }
    machine.crash()
    return true
  }
}
