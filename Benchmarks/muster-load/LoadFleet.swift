import GRPC
import Link
import LoadLoop

/// All hosts of a load, in one loop. Throws as soon as one of them fails.
final class LoadFleet {
  /// The longest that connecting may take.
  private static let patience = Duration.seconds(180)
  /// Connections being opened at once, so that the listener's backlog never overflows.
  private static let concurrency = 64
  private static let turnMaximum = Duration.milliseconds(100)

  let hosts: [LoadedHost]
  private let epoll: Epoll
  /// Hosts whose links have more to do than epoll will tell.
  private var unfinished: [LoadedHost] = []

  init(_ options: Options) throws {
    let plan = LoadPlan(options)
    let epoch = UInt64(wallMicroseconds())
    hosts = (0..<options.connections).map { LoadedHost(index: $0, plan: plan, epoch: epoch) }
    epoll = try Epoll(owners: options.connections)
  }

  /// Connects all hosts. Returns when the first frame of each is acknowledged.
  func open() throws {
    var waiting = hosts[...]
    var opening: [LoadedHost] = []
    let isOpen = try turn(for: Self.patience) {
      opening.removeAll(where: \.isSettled)
      while opening.count < Self.concurrency, let host = waiting.popFirst() {
        host.link.open(at: monotonic())
        try settle(host)
        opening.append(host)
      }
      return opening.isEmpty
    }
    guard isOpen else { throw LoadError("not all hosts were welcomed within \(Self.patience)") }
  }

  /// Sends the next frame of a host.
  func sendFrame(_ index: Int) throws {
    hosts[index].sendFrame(at: monotonic())
    try flush(hosts[index])
  }

  private func flush(_ host: LoadedHost) throws {
    let now = monotonic()
    host.handle(host.link.flush(at: now), at: now)
    try settle(host)
  }

  /// Says on every connection that no more frames come, upon which all are acknowledged.
  func endFrames() throws {
    for host in hosts {
      host.endFrames()
      try flush(host)
    }
  }

  /// Handles what happens until `due`.
  func turn(until due: Instant) throws {
    while true {
      let rest = due - monotonic()
      guard rest > .zero else { return }
      try turn(rest)
    }
  }

  /// Handles what happens until `isDone`, at most for `time`. False: it is not.
  @discardableResult
  func turn(for time: Duration, until isDone: () throws -> Bool) throws -> Bool {
    let limit = monotonic() + time
    while try !isDone() {
      guard monotonic() < limit else { return false }
      try turn(Self.turnMaximum)
    }
    return true
  }

  func close() {
    for host in hosts { host.link.close() }
  }

  private func turn(_ time: Duration) throws {
    let pending = unfinished
    unfinished = []
    for host in pending {
      let now = monotonic()
      host.handle(host.link.tick(at: now), at: now)
      try settle(host)
    }
    try epoll.wait(unfinished.isEmpty ? time : .zero) { owner, events in
      let host = hosts[owner]
      let now = monotonic()
      host.handle(host.link.handle(revents: events, at: now), at: now)
      try settle(host)
    }
  }

  private func settle(_ host: LoadedHost) throws {
    if let failure = host.failure { throw LoadError("host \(host.index): \(failure)") }
    try epoll.watch(host.index, host.link.descriptor, for: host.link.interest)
    if let due = host.link.nextDeadline, due <= monotonic() { unfinished.append(host) }
  }
}
