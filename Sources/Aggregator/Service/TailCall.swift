import GRPC
import Selection
import Wire

/// Tail: the selected series of the selected hosts as their frames arrive.
///
/// Woken when a selected host moved, it reads on in that host's hot tier for as long as the reader takes it. While the
/// reader does not, nothing is kept here but marks: see `TailedHost` for what a slow reader misses.
final class TailCall {
  private let stream: ServerStream<TailUpdate>
  private let service: FleetService
  private let selector: Selector
  private let pattern: MetricPattern
  private let history: Duration
  private let started: Moment
  private var subscription: LiveSubscription?
  /// By host number.
  private var hosts: [Int: TailedHost] = [:]
  /// Host numbers that have something to read, in turn; each at most once.
  private var ready = TurnQueue()
  /// Those it has sample more often; `nil`: none.
  private let viewed: ViewedHosts?
  private var isWritable = true

  init(
    _ stream: ServerStream<TailUpdate>, service: FleetService, selector: Selector, pattern: MetricPattern,
    history: Duration, raise: UInt32
  ) {
    self.stream = stream
    self.service = service
    self.selector = selector
    self.pattern = pattern
    self.history = history
    started = service.clock.now
    viewed = raise > 0 ? ViewedHosts(service.leases, interval: raise, clock: service.clock) : nil
  }

  /// Starts to answer. The stream keeps this object for as long as the call is open.
  func start() {
    let bound = LoopBound(WeakReference(self), on: stream.call.connection.executor)
    let subscription = LiveSubscription(wake: { bound.execute { $0.object?.pump() } })
    self.subscription = subscription
    stream.onWritable = { [self] in
      isWritable = true
      pump()
    }
    stream.onEnd = { _ in self.end() }
    service.openCalls.add(self, stream.call)
    service.fleet.counters.tails.rise()
    service.fleet.bus.add(subscription)
    for host in service.fleet.hosts { ready.append(host.number) }
    pump()
  }

  private func end() {
    if let subscription { service.fleet.bus.remove(subscription) }
    subscription = nil
    viewed?.end()
    service.fleet.counters.tails.fall()
    service.openCalls.remove(self)
  }

  private func pump() {
    guard isWritable, let subscription else { return }
    for number in subscription.take() { ready.append(number) }
    while isWritable, let number = ready.popFirst() {
      guard let host = tailed(number, subscription) else { continue }
      let (update, hasMore) = host.read(pattern)
      if hasMore { ready.append(number) }
      guard let update else { continue }
      service.fleet.counters.tailFramesSkipped.add(update.skippedFrames)
      isWritable = stream.send(update)
    }
  }

  /// The host's reader, if the host is selected.
  private func tailed(_ number: Int, _ subscription: LiveSubscription) -> TailedHost? {
    guard let host = service.fleet.host(number: number) else {
      lose(number)
      return nil
    }
    // Ignored first: if its labels change from here on, it is reconsidered.
    subscription.ignore(number)
    guard host.isSelected(by: selector) else {
      lose(number)
      return nil
    }
    subscription.attend(number)
    if let known = hosts[number], known.host === host { return known }
    lose(number)
    let tailed = TailedHost(host, history: history, since: started)
    hosts[number] = tailed
    viewed?.add(host)
    return tailed
  }

  private func lose(_ number: Int) {
    if let gone = hosts.removeValue(forKey: number) { viewed?.remove(gone.host) }
  }
}
