import GRPC
import Testing
import Wire

@testable import Steering

/// A fleet of model hosts around an engine, in virtual time. What the engine sends happens only after what it
/// wants remembered is in `memory`.
final class Stage {
  private(set) var steering: Steering
  /// What a restart finds.
  private(set) var memory = SteeringSnapshot()
  private(set) var now = Moment(instant: Instant(nanoseconds: 0), wallMicroseconds: 1_000_000_000)
  var hosts: [String: ModelHost] = [:]
  private(set) var notes: [SteeringNote] = []
  private(set) var confirms: [String] = []
  private var events: [(due: Instant, order: Int, act: (Stage) -> Void)] = []
  private var order = 0
  /// Watches every send, before it happens.
  var witness: (Stage, SteeringSend) -> Void = { _, _ in }

  init() { steering = Steering(restoring: memory, at: now) }

  // MARK: The fleet

  /// Adds hosts called `web-1`, `web-2`, ... that are connected.
  func addHosts(_ count: Int, _ role: String = "web", connected: Bool = true) {
    for number in 1...count { add("\(role)-\(number)", [Label("role", role)], connected: connected) }
  }

  func add(_ name: String, _ labels: [Label] = [], connected: Bool = true) {
    let host = SteeredHost(hostID: "id-\(name)", instance: name, labels: labels, intervalMilliseconds: 5000)
    hosts[name] = ModelHost(host)
    steering.hostChanged(host, at: now)
    if connected { connect(name) }
  }

  /// The host is known by other labels from now on, or retired.
  func change(_ name: String, labels: [Label]? = nil, isRetired: Bool = false) {
    guard var host = hosts[name]?.host else { return }
    host.labels = labels ?? host.labels
    host.isRetired = isRetired
    steering.hostChanged(host, at: now)
    settle()
  }

  func forget(_ name: String) {
    hosts[name] = nil
    steering.hostForgotten("id-\(name)", at: now)
    settle()
  }

  func connect(_ name: String) {
    guard let host = hosts[name], !host.isConnected, !host.isGone else { return }
    if host.isHalfOpen { forgetConnection(name) }
    hosts[name]?.isConnected = true
    let id = host.host.hostID
    steering.attached(id, status: host.status, at: now)
    steering.watching(
      id,
      WatchConfigRequest(hostID: id, runningSHA256: host.runningSHA256, schema: 1, failedSHA256: host.failed),
      at: now)
    if host.running != nil { steering.stamped(id, sha256: host.runningSHA256, at: now) }
    settle()
  }

  func cut(_ name: String, saidGoodbye: Bool = false) {
    guard hosts[name]?.isConnected ?? false else { return }
    hosts[name]?.isConnected = false
    steering.watchEnded("id-\(name)", at: now)
    steering.detached("id-\(name)", saidGoodbye: saidGoodbye, at: now)
    settle()
  }

  /// The host's connection breaks; the engine hears of it later.
  func lose(_ name: String, heardAfter delay: Duration) {
    guard hosts[name]?.isConnected ?? false else { return }
    hosts[name]?.isConnected = false
    hosts[name]?.isHalfOpen = true
    after(delay) { stage in
      if stage.hosts[name]?.isHalfOpen ?? false { stage.forgetConnection(name) }
    }
  }

  /// The host starts again.
  func revive(_ name: String) {
    hosts[name]?.isGone = false
    hosts[name]?.restart()
    connect(name)
  }

  /// The engine hears that a connection is gone.
  private func forgetConnection(_ name: String) {
    hosts[name]?.isHalfOpen = false
    steering.watchEnded("id-\(name)", at: now)
    steering.detached("id-\(name)", at: now)
    settle()
  }

  // MARK: Operators

  @discardableResult
  func push(
    _ yaml: String, to selector: String = "", waves: [String] = ["1", "25%", "100%"], soak: UInt32 = 10_000,
    gates: Gates = Gates(), dryRun: Bool = false
  ) throws -> Rollout {
    let plan = RolloutPlan(waves: waves, soakMilliseconds: soak, noSoak: soak == 0, gates: gates)
    let rollout = try steering.push(
      PushConfigRequest(selector: selector, yaml: yaml, author: "ann", plan: plan, dryRun: dryRun), at: now)
    settle()
    return rollout
  }

  /// Pushes, and leaves what follows where it is.
  func steeringPush(_ yaml: String) throws -> Rollout {
    try steering.push(PushConfigRequest(selector: "", yaml: yaml), at: now)
  }

  @discardableResult
  func steer(_ action: RolloutAction, _ id: UInt64 = 0) throws -> Rollout {
    let rollout = try steering.steer(SteerRolloutRequest(id: id, action: action, author: "ann"), at: now)
    settle()
    return rollout
  }

  @discardableResult
  func rollBack(_ selector: String = "", to version: UInt64 = 0) throws -> Rollout {
    let rollout = try steering.rollBack(
      RollBackRequest(selector: selector, toVersion: version, author: "ann"), at: now)
    settle()
    return rollout
  }

  // MARK: Time

  /// Lets time pass.
  func pass(_ duration: Duration) {
    let end = now.advanced(by: duration)
    settle()
    while let next = nextEvent(before: end.instant) {
      now = now.advanced(by: max(next - now.instant, .zero))
      while let first = events.indices.min(by: { earlier($0, $1) }), events[first].due <= now.instant {
        events.remove(at: first).act(self)
      }
      steering.tick(at: now) { id in self.hosts[String(id.dropFirst(3))]?.health }
      settle()
    }
    now = end
  }

  /// Lets time pass until the rollout is in a state, for at most ten minutes.
  @discardableResult
  func pass(until state: RolloutState, of id: UInt64 = 1) -> Rollout? {
    for _ in 0..<6000 {
      if steering.rollout(id, at: now)?.state == state { break }
      pass(.milliseconds(100))
    }
    return steering.rollout(id, at: now)
  }

  func after(_ delay: Duration, _ act: @escaping (Stage) -> Void) {
    order += 1
    events.append((now.instant + delay, order, act))
  }

  private func nextEvent(before end: Instant) -> Instant? {
    let next = [events.map(\.due).min(), steering.nextDeadline].compactMap { $0 }.min()
    return next.flatMap { $0 <= end ? $0 : nil }
  }

  private func earlier(_ a: Int, _ b: Int) -> Bool {
    (events[a].due, events[a].order) < (events[b].due, events[b].order)
  }

  // MARK: What follows

  /// Remembers what the engine wants remembered, then does what it says.
  func settle() {
    while let output = steering.takeOutput() {
      for change in output.changes { memory.apply(change) }
      notes += output.notes
      for send in output.sends { perform(send) }
    }
  }

  /// The engine ends and begins again: all connections are cut, and hosts come back within a second.
  ///
  /// - Parameter losing: what it put out last was not remembered, and not done.
  func restart(losing: Bool = false, returning: Bool = true) {
    if losing { _ = steering.takeOutput() } else { settle() }
    steering = Steering(restoring: memory, at: now)
    for host in hosts.values { steering.hostChanged(host.host, at: now) }
    for name in hosts.keys.sorted() where hosts[name]?.isConnected ?? false {
      hosts[name]?.isConnected = false
      hosts[name]?.isHalfOpen = false
      if returning { after(.milliseconds(500)) { $0.connect(name) } }
    }
    settle()
  }

  /// Tells the engine what no host of the stage would say.
  func tell(_ body: (inout Steering, Moment) -> Void) {
    body(&steering, now)
    settle()
  }

  func steering(stamped sha256: [UInt8], _ name: String) {
    steering.stamped("id-\(name)", sha256: sha256, at: now)
    settle()
  }

  private func perform(_ send: SteeringSend) {
    witness(self, send)
    switch send {
    case .offer(let id, let update): take(update, String(id.dropFirst(3)))
    case .confirm(let id, let sha256):
      let name = String(id.dropFirst(3))
      confirms.append(name)
      guard let host = hosts[name], host.isConnected, host.runningSHA256 == sha256 else { return }
      hosts[name]?.good = host.running
      hosts[name]?.trialEnds = nil
      hosts[name]?.undecided = [:]
      hosts[name]?.proven.insert(sha256)
    case .rolloutMoved, .standingChanged: break
    }
  }

  private func take(_ update: ConfigUpdate, _ name: String) {
    guard let host = hosts[name], host.isConnected else { return }
    hosts[name]?.offers.append(update.sha256)
    say(.received, update.sha256, name)
    after(host.pace) { $0.apply(update, name) }
  }

  /// No confirmation came.
  func giveUp(_ sha256: [UInt8], _ name: String) {
    guard let state = hosts[name]?.verdict(on: sha256) else { return }
    say(state, sha256, name, "not confirmed")
  }

  /// The host says how it goes; not if it is cut off.
  func say(_ state: ConfigState, _ sha256: [UInt8], _ name: String, _ reason: String = "") {
    hosts[name]?.say(state, sha256, reason)
    guard let host = hosts[name], host.isConnected else { return }
    steering.status("id-\(name)", host.status, at: now)
    settle()
  }
}
