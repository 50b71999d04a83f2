import GRPC
package import Records
import Selection
package import Wire

extension Fleet {
  /// Takes a host out of the fleet, or back in.
  func setRetired(_ host: Host, _ isRetired: Bool, at now: Moment) {
    host.withRecord { $0.presence.isRetired = isRetired }
    announce(host, isNew: false, isChanged: true, at: now)
  }

  /// Hosts of these names should come. One that came in the meantime is not expected any more.
  func expect(_ expectations: [StoredExpectation]) {
    self.expectations.add(expectations)
    let known = Set(hosts.map { host in host.withRecord { $0.identity.instance } })
    for expectation in expectations where known.contains(expectation.instance) {
      self.expectations.remove([expectation.instance])
      unsaved.markMet(expectation.instance)
    }
  }

  /// The selected hosts, retired or not, without the aggregator's own row, ordered by instance; none is no error.
  func hosts(selectedBy text: String) throws(Status) -> [Host] {
    let selector = try Selector(request: text)
    return hosts.filter { !$0.isOwn && $0.isSelected(by: selector) }
  }

  /// Rows for the hosts that should come and are selected, ordered by name.
  func expected(selectedBy selector: Selector) -> [HostInfo] {
    guard expectations.count > 0 else { return [] }
    return expectations.all.compactMap { expectation in
      guard selector.matches(hostID: "", instance: expectation.instance, labels: []) else { return nil }
      return .expected(expectation.instance)
    }
  }

  /// Enters the hosts of an earlier life of the program: the ones seen last, if there are more than fit.
  package func restore(_ hosts: [StoredHost], _ expectations: [StoredExpectation], at now: Moment) {
    let newest = hosts.sorted { $0.lastSeenMicroseconds > $1.lastSeenMicroseconds }.prefix(limits.hosts)
    for stored in newest { restore(stored, at: now) }
    // One that came just before the end may still be written down as expected.
    expect(expectations)
  }

  private func restore(_ stored: StoredHost, at now: Moment) {
    let identity = HostIdentity(
      hostID: stored.hostID, bootID: stored.bootID, epoch: stored.epoch, instance: stored.instance,
      labels: stored.labels)
    // What was once accepted is accepted again.
    _ = try? enter(identity, address: stored.address, at: now) { record, isNew in
      if isNew { record.restore(stored, at: now) }
    }
  }
}

extension HostInfo {
  /// The row of a host that should come.
  static func expected(_ instance: String) -> HostInfo {
    var info = HostInfo(instance: instance)
    info.state = .expected
    return info
  }
}
