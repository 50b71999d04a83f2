import GRPC
import Records
import Wire

/// Who belongs to the fleet, by the word of operators.
extension FleetService {
  /// Takes hosts out of the fleet, or back in. They stay listed until they are forgotten.
  func retire(
    _ request: RetireHostsRequest, _ stream: ServerStream<RetireHostsResponse>
  ) throws(Status) {
    guard !request.selector.isEmpty else {
      throw Status(
        .invalidArgument,
        "an empty selector would retire the whole fleet; name the hosts, for example instance=web-3")
    }
    let hosts = try fleet.hosts(selectedBy: request.selector).filter { $0.isRetired == request.undo }
    guard !hosts.isEmpty else { return stream.finish(with: RetireHostsResponse()) }
    let names = hosts.map { host in
      AuditHost(hostID: host.id, instance: host.withRecord { $0.identity.instance }, outcome: "ok")
    }
    var entry = runs.audit.entry(
      request.undo ? "hosts.restore" : "hosts.retire", author: request.author,
      address: stream.call.connection.peer, role: .operate, at: clock.now)
    entry.selector = request.selector
    entry.message = request.message
    entry.finish(with: names, "\(names.count) \(request.undo ? "back in the fleet" : "retired")")
    let changes = hosts.map { host in
      RecordsChange.host(host.stored(isRetired: !request.undo, at: clock.now))
    }
    answer(stream, changes + [.audit(entry)]) { [fleet, clock] in
      for host in hosts { fleet.setRetired(host, !request.undo, at: clock.now) }
      return RetireHostsResponse(instances: names.map(\.instance))
    }
  }

  /// Names hosts that should come, or takes that back.
  func expect(
    _ request: ExpectHostsRequest, _ stream: ServerStream<ExpectHostsResponse>
  ) throws(Status) {
    let instances = try changing(request)
    guard !instances.isEmpty else { return stream.finish(with: ExpectHostsResponse()) }
    let now = clock.now
    let expectations = instances.map { instance in
      StoredExpectation(
        instance: instance, author: request.author, sinceMicroseconds: now.wallMicroseconds)
    }
    var entry = runs.audit.entry(
      request.undo ? "hosts.unexpect" : "hosts.expect", author: request.author,
      address: stream.call.connection.peer, role: .operate, at: now)
    entry.detail = instances.prefix(20).joined(separator: " ")
    entry.finish(
      with: instances.map { AuditHost(hostID: "", instance: $0, outcome: "ok") },
      "\(instances.count) \(request.undo ? "no longer expected" : "expected")")
    let changes: [RecordsChange] =
      request.undo
      ? instances.map { .expectationOver(instance: $0) } : expectations.map { .expected($0) }
    answer(stream, changes + [.audit(entry)]) { [fleet] in
      if request.undo { fleet.expectations.remove(instances) } else { fleet.expect(expectations) }
      return ExpectHostsResponse(instances: instances)
    }
  }

  /// The names of a request that it changes something for.
  private func changing(_ request: ExpectHostsRequest) throws(Status) -> [String] {
    guard !request.instances.isEmpty else {
      throw Status(.invalidArgument, "no instances: name the hosts that should come")
    }
    guard !request.instances.contains(where: \.isEmpty) else {
      throw Status(.invalidArgument, "an instance is empty; it is the name the host is shown under")
    }
    var seen: Set<String> = []
    let named = request.instances.filter { seen.insert($0).inserted }
    if request.undo { return named.filter(fleet.expectations.contains) }
    let known = Set(fleet.hosts.map { host in host.withRecord { $0.identity.instance } })
    let new = named.filter { !known.contains($0) && !fleet.expectations.contains($0) }
    guard fleet.expectations.count + new.count <= Expectations.maximum else {
      throw Status(
        .resourceExhausted,
        "at most \(Expectations.maximum) hosts can be expected; \(fleet.expectations.count) are already")
    }
    return new
  }

  /// Makes changes durable, then has them take effect and answers.
  private func answer<Response: Sendable>(
    _ stream: ServerStream<Response>, _ changes: [RecordsChange],
    _ effect: @escaping @Sendable () -> Response
  ) {
    let bound = LoopBound(stream, on: stream.call.connection.executor)
    runs.audit.commit(changes) { failure in
      if let failure { return bound.execute { $0.finish(failure) } }
      // Also when the caller has left: it is written.
      let response = effect()
      bound.execute { $0.finish(with: response) }
    }
  }
}

extension AuditEntry {
  /// It is done, with these hosts.
  fileprivate mutating func finish(with hosts: [AuditHost], _ summary: String) {
    outcome = "ok"
    self.summary = summary
    self.hosts = UInt32(clamping: hosts.count)
    host = Array(hosts.prefix(MessageLimits.auditHosts))
  }
}
