import GRPC
import Glibc
import Wire

/// The collector's one thread: sleeps in `poll` until the clock, a signal or the socket has something,
/// and hands it to who decides.
final class CollectorLoop {
  private let core: CollectorCore
  private let host: CollectorHost
  private let signals: ProgramSignals
  private let timer: WakeTimer
  private var armedFor: Int64?
  private var watched = [pollfd](repeating: pollfd(), count: 3)
  private var settling = MemorySettling()

  init(host: CollectorHost, signals: ProgramSignals) throws(CollectorFailure) {
    core = host.core
    self.host = host
    self.signals = signals
    timer = try WakeTimer()
  }

  /// Runs until a signal, or a command, has ended it in good order.
  func run() throws(CollectorFailure) {
    core.start(host, at: Clocks.reading())
    while !core.isStopped { try turn() }
  }

  private func turn() throws(CollectorFailure) {
    try armTimer()
    watched[0] = pollfd(fd: timer.descriptor, events: Int16(POLLIN), revents: 0)
    watched[1] = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
    watched[2] = core.driver.poll
    let coreDue = core.nextDeadline ?? .distantFuture
    let hostDue = host.nextDeadline ?? .distantFuture
    let timeout = timeout(until: min(coreDue, hostDue), at: Clocks.reading().instant)
    let ready = poll(&watched, nfds_t(watched.count), timeout)
    guard ready >= 0 || errno == EINTR else { throw .system("poll", errno) }
    // After EINTR nothing was filled in, and the events asked for were cleared above.
    let now = Clocks.reading()
    // Whom nothing has happened to is not asked: all of its code would be fetched from memory for nothing.
    let revents = watched[2].revents
    if revents != 0 || coreDue <= now.instant { core.advance(revents: revents, at: now) }
    if hostDue <= now.instant { host.step(at: now) }
    if watched[0].revents != 0 { wake(at: now) }
    if watched[1].revents != 0 { obeySignals(at: now) }
  }

  /// Anew only when something else is due next: an interval may change at any time.
  private func armTimer() throws(CollectorFailure) {
    let next = host.session.cadence.nextMicroseconds
    guard next != armedFor else { return }
    try timer.arm(wallMicroseconds: next)
    armedFor = next
  }

  /// Milliseconds until something is due, rounded up; -1: nothing is.
  private func timeout(until deadline: Instant, at now: Instant) -> Int32 {
    guard deadline < .distantFuture else { return -1 }
    let nanoseconds = max(0, (deadline - now).saturatedNanoseconds)
    return Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1))
  }

  private func obeySignals(at now: Moment) {
    while let signal = signals.next() {
      switch signal {
      case .stop(let name): core.stop(reason: name, at: now)
      case .reload: host.reloadSettings(at: now)
      }
    }
  }

  private func wake(at now: Moment) {
    timer.acknowledge()
    armedFor = nil
    let wake = host.session.wake(at: now, clocks: Clocks.schedule())
    if wake.frame.clockStepMicroseconds != 0 { core.driver.wallClockWasSet() }
    if wake.frame.isDue { core.sample(at: now) }
    let end = Clocks.reading()
    host.keepWithinBudget(at: end)
    settling.pass(connections: core.driver.uplink.counters.connections, at: end.instant)
  }
}

/// When memory is given back that only starting, connecting, or something rare needed: some time after each
/// connection, and now and then from there on. On a sample's wake-up, with no timer of its own.
private struct MemorySettling {
  private var connections: UInt64 = 0
  private var due: Instant?
  private var next = ResidentPages.interval

  mutating func pass(connections: UInt64, at now: Instant) {
    if connections != self.connections {
      self.connections = connections
      due = now + ResidentPages.settlingTime
      next = ResidentPages.firstInterval
    }
    guard let due, now >= due else { return }
    self.due = now + next
    next = ResidentPages.interval
    ResidentPages.release()
  }
}
