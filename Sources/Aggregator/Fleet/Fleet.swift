import GRPC
import Steering
import Synchronization
public import Wire

/// The registry: every host that was ever heard of and not yet forgotten.
public final class Fleet: Sendable {
  let limits: FleetLimits
  let bus = LiveBus()
  let pool = DescriptorPool()
  let counters = FleetCounters()
  /// Hosts that should come.
  let expectations = Expectations()
  /// What has to be written down.
  let unsaved = UnsavedHosts()
  /// Commands under way.
  let runs = RunDirectory()
  private let registry = Mutex(Registry())
  private let steering = Mutex<(any SteeringHooks)?>(nil)

  /// An empty fleet.
  public init(limits: FleetLimits = FleetLimits()) {
    self.limits = limits
  }

  /// Every host, ordered by instance, then by id.
  public var hosts: [Host] {
    everyHost
      .map { (host: $0, instance: $0.withRecord { $0.identity.instance }) }
      .sorted { ($0.instance, $0.host.id) < ($1.instance, $1.host.id) }
      .map(\.host)
  }

  /// Every host, in no order.
  var everyHost: [Host] { registry.withLock { Array($0.byID.values) } }

  /// How many there are.
  public var count: Int { registry.withLock { $0.byID.count } }

  /// Lets go of series that hosts do not have any more, and that are in no frame held.
  func releaseSeries() {
    for host in hosts {
      let released = host.withRecord { $0.releaseSeries() }
      if released > 0 { counters.seriesReleased.add(UInt64(released)) }
    }
  }

  /// The host of this id, if it is known.
  public func host(id: String) -> Host? {
    registry.withLock { $0.byID[id] }
  }

  func host(number: Int) -> Host? {
    registry.withLock { number < $0.byNumber.count ? $0.byNumber[number] : nil }
  }

  /// Who steers; `nil`: nobody.
  var hooks: (any SteeringHooks)? { steering.withLock { $0 } }

  /// Nobody steers any more: fleet and hooks let go of each other.
  package func uninstallHooks() {
    steering.withLock { $0 = nil }
  }

  /// Lets `hooks` steer from now on, and tells them of every host there is. Once, when the program starts.
  package func install(_ hooks: any SteeringHooks, at now: Moment) {
    steering.withLock { $0 = hooks }
    for host in hosts where !host.isOwn {
      hooks.hostChanged(host.steered, at: now)
      standingChanged(host.id)
    }
  }

  /// The host that opens a call, entered into the registry if it is new. `Host.callEnded` is the other end.
  ///
  /// INVALID_ARGUMENT: the identity cannot be kept. RESOURCE_EXHAUSTED: the fleet is full, and nobody in it has been
  /// gone long enough to make room.
  func callOpened(
    by identity: HostIdentity, address: String, at now: Moment
  ) throws(Status) -> (host: Host, isNew: Bool) {
    let entry = try enter(identity, address: address, at: now) { record, _ in
      record.presence.callOpened(at: now)
      return record.adopt(identity, address: address)
    }
    announce(entry.host, isNew: entry.isNew, isChanged: entry.answer, at: now)
    return (entry.host, entry.isNew)
  }

  /// Finds or enters the host of an identity, and asks `body` under the locks of both the registry and the host, so
  /// that the host is not forgotten in between. Throws as `callOpened` does.
  func enter<Answer: Sendable>(
    _ identity: HostIdentity, address: String, at now: Moment,
    _ body: (_ record: inout HostRecord, _ isNew: Bool) -> Answer
  ) throws(Status) -> (host: Host, isNew: Bool, answer: Answer) {
    try identity.check()
    if isFull(without: identity.hostID) { forgetAbsent(at: now) }
    let entry = registry.withLock { registry -> (host: Host, isNew: Bool, answer: Answer)? in
      let entry = registry.entry(for: identity, address: address, limits: limits, at: now)
      guard let (host, isNew) = entry else { return nil }
      return (host, isNew, host.withRecord { body(&$0, isNew) })
    }
    if let entry { return entry }
    counters.hostsRefused.add()
    throw Status(
      .resourceExhausted,
      "the fleet is full: \(limits.hosts) hosts (limits.hosts of the aggregator); raise it, or wait until hosts that are gone are forgotten"
    )
  }

  /// Tells everyone who has to know that a host is new or another, or only that it moved.
  func announce(_ host: Host, isNew: Bool, isChanged: Bool, at now: Moment) {
    if isNew || isChanged { bus.identityChanged(host.number) }
    bus.moved(host.number)
    guard isNew || isChanged, !host.isOwn else { return }
    unsaved.mark(host.id)
    let instance = host.withRecord { $0.identity.instance }
    if expectations.remove([instance]) != [] { unsaved.markMet(instance) }
    guard let hooks else { return }
    hooks.hostChanged(host.steered, at: now)
    if isNew { standingChanged(host.id) }
  }

  /// How a host stands with its config is another now: asks the hooks for it.
  func standingChanged(_ hostID: String) {
    guard let host = host(id: hostID) else { return }
    let standing = hooks?.standing(of: hostID)
    let hasOtherLabels = host.withRecord { record in
      defer { record.standing = standing }
      return record.standing?.configLabels ?? [] != standing?.configLabels ?? []
    }
    if hasOtherLabels { bus.identityChanged(host.number) } else { bus.moved(host.number) }
  }

  /// Forgets hosts that have been gone for as long as the limits say. Returns them.
  @discardableResult
  public func forgetAbsent(at now: Moment) -> [Host] {
    let forgotten = registry.withLock { registry in
      let absent = registry.byID.values.filter { host in
        host.withRecord { $0.presence.isAbsent(for: limits.forgetAfter, at: now) }
      }
      for host in absent { registry.remove(host) }
      return absent
    }
    for host in forgotten {
      bus.identityChanged(host.number)
      unsaved.mark(host.id)
      hooks?.hostForgotten(host.id, at: now)
    }
    return forgotten
  }

  private func isFull(without hostID: String) -> Bool {
    registry.withLock { $0.byID.count >= limits.hosts && $0.byID[hostID] == nil }
  }
}

/// Who is in the fleet, by id and by number.
private struct Registry {
  private(set) var byID: [String: Host] = [:]
  /// `nil`: free.
  private(set) var byNumber: [Host?] = []
  private var freeNumbers: [Int] = []

  /// The host of the identity, entered if it is new; `nil`: the fleet is full.
  mutating func entry(
    for identity: HostIdentity, address: String, limits: FleetLimits, at now: Moment
  ) -> (host: Host, isNew: Bool)? {
    if let host = byID[identity.hostID] { return (host, false) }
    guard byID.count < limits.hosts else { return nil }
    let number = freeNumbers.popLast() ?? byNumber.count
    if number == byNumber.count { byNumber.append(nil) }
    let host = Host(number: number, identity: identity, address: address, limits: limits, at: now)
    byNumber[number] = host
    byID[host.id] = host
    return (host, true)
  }

  mutating func remove(_ host: Host) {
    byID[host.id] = nil
    byNumber[host.number] = nil
    freeNumbers.append(host.number)
  }
}

extension HostRecord {
  /// Takes over what a newer epoch says of itself. Returns whether others must look at the host again.
  mutating func adopt(_ identity: HostIdentity, address: String) -> Bool {
    guard identity.epoch >= self.identity.epoch else { return false }
    self.address = address
    let isSame = identity.instance == self.identity.instance && identity.labels == self.identity.labels
    self.identity = identity
    return !isSame
  }
}
