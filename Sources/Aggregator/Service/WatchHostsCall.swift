import GRPC
import Selection
import Wire

/// WatchHosts: the selected hosts, then those that changed, at most once per interval and never more than the reader takes.
///
///     listing ──all sent──► following: at each tick the hosts that were marked, and those whose state changed by time alone
///
/// A host that is forgotten, or that the selector leaves out since its labels changed, is told once more, as UNKNOWN;
/// so is a host that was expected, when it is not any more.
final class WatchHostsCall {
  private struct Told {
    let host: Host
    var state: HostState
  }

  private let stream: ServerStream<HostsUpdate>
  private let service: FleetService
  private let selector: Selector
  private let interval: Duration
  private let subscription: LiveSubscription
  /// By host number: what the reader has been told of.
  private var told: [Int: Told] = [:]
  private var expected = ToldExpectations()
  /// Host numbers yet to be told, last first.
  private var pending: [Int] = []
  private var isListing = true
  private var isEnded = false

  init(_ stream: ServerStream<HostsUpdate>, service: FleetService, selector: Selector, interval: Duration) {
    self.stream = stream
    self.service = service
    self.selector = selector
    self.interval = interval
    // Ticks look for marks; nobody needs to be woken.
    subscription = LiveSubscription(wake: {})
  }

  /// Starts to answer. The stream keeps this object for as long as the call is open.
  func start() {
    stream.onWritable = { self.send() }
    stream.onEnd = { _ in self.end() }
    service.openCalls.add(self, stream.call)
    service.fleet.counters.watches.rise()
    service.fleet.bus.add(subscription)
    pending = service.fleet.hosts.filter { $0.isSelected(by: selector) }.map(\.number).reversed()
    let isNobody = pending.isEmpty && service.fleet.expected(selectedBy: selector).isEmpty
    if isNobody { stream.send(update([])) }
    send()
    scheduleTick()
  }

  private func end() {
    isEnded = true
    service.fleet.bus.remove(subscription)
    service.fleet.counters.watches.fall()
    service.openCalls.remove(self)
  }

  private func scheduleTick() {
    service.clock.schedule(after: interval) { [weak self] in self?.tick() }
  }

  private func tick() {
    guard !isEnded else { return }
    if pending.isEmpty {
      let now = service.clock.now
      let marked = subscription.take()
      let known = Set(marked)
      let aged = told.filter { !known.contains($0.key) && $0.value.host.state(at: now) != $0.value.state }
        .keys
      pending = (marked + aged).reversed()
      send()
    }
    scheduleTick()
  }

  private func send() {
    while !isEnded, !pending.isEmpty {
      let part = nextPart(at: service.clock.now)
      guard !part.isEmpty else { continue }
      guard stream.send(update(part)) else { return }
    }
    while !isEnded, let part = expected.nextPart(service.fleet, selector) {
      guard stream.send(update(part)) else { return }
    }
    isListing = false
  }

  private func nextPart(at now: Moment) -> [HostInfo] {
    var part: [HostInfo] = []
    var bytes = 0
    while bytes < AnswerSize.part, let number = pending.popLast() {
      guard let info = tell(number, at: now) else { continue }
      bytes += info.estimatedBytes
      part.append(info)
    }
    return part
  }

  /// What the reader is to be told about a host; `nil`: nothing.
  private func tell(_ number: Int, at now: Moment) -> HostInfo? {
    let host = service.fleet.host(number: number)
    if let old = told[number], old.host !== host { return farewell(number) }
    guard let host else { return nil }
    // Ignored first: if its labels change from here on, it is reconsidered.
    subscription.ignore(number)
    guard host.isSelected(by: selector) else { return farewell(number) }
    subscription.attend(number)
    let info = host.info(at: now)
    told[number] = Told(host: host, state: info.state)
    return info
  }

  private func farewell(_ number: Int) -> HostInfo? {
    guard let old = told.removeValue(forKey: number) else { return nil }
    // The number may be another host's already.
    subscription.reconsider(number)
    let instance = old.host.withRecord { $0.identity.instance }
    return HostInfo(hostID: old.host.id, instance: instance)
  }

  private func update(_ hosts: [HostInfo]) -> HostsUpdate {
    HostsUpdate(
      initial: isListing, hosts: hosts, serverTimeMicroseconds: service.clock.now.wallMicroseconds)
  }
}
