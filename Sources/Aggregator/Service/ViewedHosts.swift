import GRPC
import Wire

/// The hosts that one call looks at closely, kept at their raised resolution for as long as it does.
///
/// Lives on the call's loop.
final class ViewedHosts {
  private let leases: ViewerLeases
  private let clock: any ServiceClock
  private let interval: UInt32
  private let viewer: UInt64
  private var hosts: [String: Host] = [:]
  private var isOver = false

  /// - Parameter interval: how often the hosts are to sample at least, in milliseconds.
  init(_ leases: ViewerLeases, interval: UInt32, clock: any ServiceClock) {
    self.leases = leases
    self.clock = clock
    self.interval = interval
    viewer = leases.newViewer()
    scheduleRenewal()
  }

  /// Looks at a host, if it does not look at the most there may be already.
  func add(_ host: Host) {
    guard hosts[host.id] == nil, hosts.count < ViewerLeases.maximumHosts else { return }
    hosts[host.id] = host
    leases.look(viewer, at: host, interval: interval, at: clock.now)
  }

  /// Looks at a host no more.
  func remove(_ host: Host) {
    guard hosts.removeValue(forKey: host.id) != nil else { return }
    leases.lookAway(viewer, from: host, at: clock.now)
  }

  /// Looks at nothing any more.
  func end() {
    isOver = true
    for host in hosts.values { leases.lookAway(viewer, from: host, at: clock.now) }
    hosts = [:]
  }

  private func scheduleRenewal() {
    clock.schedule(after: LeaseBook.renewal) { [weak self] in
      guard let self, !self.isOver else { return }
      for host in self.hosts.values {
        self.leases.look(self.viewer, at: host, interval: self.interval, at: self.clock.now)
      }
      self.scheduleRenewal()
    }
  }
}
