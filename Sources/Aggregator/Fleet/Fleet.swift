import GRPC
import Synchronization
public import Wire

/// The registry: every host that was ever heard of and not yet forgotten.
public final class Fleet: Sendable {
  let limits: FleetLimits
  let bus = LiveBus()
  let pool = DescriptorPool()
  let counters = FleetCounters()
  private let registry = Mutex(Registry())

  /// An empty fleet.
  public init(limits: FleetLimits = FleetLimits()) {
    self.limits = limits
  }

  /// Every host, ordered by instance, then by id.
  public var hosts: [Host] {
    let hosts = registry.withLock { Array($0.byID.values) }
    return
      hosts
      .map { (host: $0, instance: $0.withRecord { $0.identity.instance }) }
      .sorted { ($0.instance, $0.host.id) < ($1.instance, $1.host.id) }
      .map(\.host)
  }

  /// How many there are.
  public var count: Int { registry.withLock { $0.byID.count } }

  /// The host of this id, if it is known.
  public func host(id: String) -> Host? {
    registry.withLock { $0.byID[id] }
  }

  func host(number: Int) -> Host? {
    registry.withLock { number < $0.byNumber.count ? $0.byNumber[number] : nil }
  }

  /// The host that opens a call, entered into the registry if it is new. `Host.callEnded` is the other end.
  ///
  /// INVALID_ARGUMENT: the identity cannot be kept. RESOURCE_EXHAUSTED: the fleet is full, and nobody in it has been
  /// gone long enough to make room.
  func callOpened(
    by identity: HostIdentity, address: String, at now: Moment
  ) throws(Status) -> (host: Host, isNew: Bool) {
    try identity.check()
    if isFull(without: identity.hostID) { forgetAbsent(at: now) }
    let entry = registry.withLock { registry in
      registry.entry(for: identity, address: address, limits: limits, at: now).map { host, isNew in
        // Under the registry's lock, so that the host is not forgotten between being found and being connected.
        let isChanged = host.withRecord { record in
          record.presence.callOpened(at: now)
          return record.adopt(identity, address: address)
        }
        return (host: host, isNew: isNew, isChanged: isChanged)
      }
    }
    guard let entry else {
      counters.hostsRefused.add()
      throw Status(
        .resourceExhausted,
        "the fleet is full: \(limits.hosts) hosts (limits.hosts of the aggregator); raise it, or wait until hosts that are gone are forgotten"
      )
    }
    if entry.isNew || entry.isChanged { bus.identityChanged(entry.host.number) }
    bus.moved(entry.host.number)
    return (entry.host, entry.isNew)
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
    for host in forgotten { bus.identityChanged(host.number) }
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
  /// Takes over what a newer epoch says of itself. Returns whether readers must look at their selection again.
  mutating func adopt(_ identity: HostIdentity, address: String) -> Bool {
    guard identity.epoch >= self.identity.epoch else { return false }
    self.address = address
    let isSame = identity.instance == self.identity.instance && identity.labels == self.identity.labels
    self.identity = identity
    return !isSame
  }
}
