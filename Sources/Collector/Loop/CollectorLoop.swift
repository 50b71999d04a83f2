import GRPC
import Glibc
import Logging
import Wire

/// The collector's one thread: sleeps in `poll` until the clock, a signal or the socket has something,
/// and hands it to who decides.
final class CollectorLoop {
  private let driver: LinkDriver
  private let signals: StopSignals
  private let timer: WakeTimer
  private let log: SamplingLog
  private var schedule: Schedule
  private let sampler: Sampler
  private var table = SampleTable()
  private var selfMetrics: SelfMetrics
  private var encoder = FrameEncoder()
  private var frame: [UInt8] = []
  private var watched = [pollfd](repeating: pollfd(), count: 3)
  private var sampleMicroseconds: Int64 = 0
  /// Connections after which memory was given back, and when it is for the last one.
  private var settledConnections: UInt64 = 0
  private var settlesAt: Instant?

  init(
    driver: LinkDriver, sampler: Sampler, interval: Duration, signals: StopSignals, logger: Logger
  ) throws(CollectorFailure) {
    self.driver = driver
    self.signals = signals
    self.sampler = sampler
    selfMetrics = SelfMetrics(registeringIn: &table)
    log = SamplingLog(logger: logger)
    timer = try WakeTimer()
    schedule = Schedule(interval: interval, at: Clocks.schedule())
  }

  /// Runs until a signal has ended it in good order.
  func run() throws(CollectorFailure) {
    try timer.arm(wallMicroseconds: schedule.nextMicroseconds)
    driver.start(descriptors: table.descriptors, at: Clocks.reading())
    while !driver.uplink.isStopped { try turn() }
  }

  private func turn() throws(CollectorFailure) {
    watched[0] = pollfd(fd: timer.descriptor, events: Int16(POLLIN), revents: 0)
    watched[1] = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
    watched[2] = driver.poll
    let ready = poll(&watched, nfds_t(watched.count), timeout(at: Clocks.reading().instant))
    guard ready >= 0 || errno == EINTR else { throw .system("poll", errno) }
    // After EINTR nothing was filled in, and the events asked for were cleared above.
    let now = Clocks.reading()
    driver.advance(revents: watched[2].revents, descriptors: table.descriptors, at: now)
    if watched[0].revents != 0 { try wake(at: now) }
    if watched[1].revents != 0 { stop(at: now) }
  }

  /// Milliseconds until something is due, rounded up; -1: nothing is.
  private func timeout(at now: Instant) -> Int32 {
    guard let deadline = driver.nextDeadline else { return -1 }
    let nanoseconds = max(0, (deadline - now).saturatedNanoseconds)
    return Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1))
  }

  private func stop(at now: Moment) {
    while let signal = signals.next() {
      driver.stop(reason: signal, descriptors: table.descriptors, at: now)
    }
  }

  private func wake(at now: Moment) throws(CollectorFailure) {
    timer.acknowledge()
    let wake = schedule.wake(at: Clocks.schedule())
    try timer.arm(wallMicroseconds: schedule.nextMicroseconds)
    if wake.clockStepMicroseconds != 0 { driver.wallClockWasSet() }
    log.write(wake)
    if wake.isDue { sample(at: now) }
  }

  private func sample(at now: Moment) {
    sampler.sample(into: &table)
    selfMetrics.sample(facts, into: &table)
    log.write(sampler)
    frame.removeAll(keepingCapacity: true)
    encoder.encode(
      sequence: driver.uplink.nextSequence, wallTimeMicroseconds: now.wallMicroseconds,
      monotonicMicroseconds: UInt64(clamping: now.instant.nanoseconds / 1000),
      descriptors: table.descriptors, values: table.values,
      present: table.present, into: &frame)
    let end = Clocks.reading()
    sampleMicroseconds += (end.instant - now.instant).saturatedMicroseconds
    driver.collected(frame, descriptors: table.descriptors, at: end)
    giveBackMemory(at: end.instant)
  }

  /// Some time after each connection, on a sample's wake-up: no timer of its own.
  private func giveBackMemory(at now: Instant) {
    if driver.uplink.counters.connections != settledConnections {
      settledConnections = driver.uplink.counters.connections
      settlesAt = now + ResidentPages.settlingTime
    }
    guard let settlesAt, now >= settlesAt else { return }
    self.settlesAt = nil
    ResidentPages.release()
  }

  private var facts: SelfMetrics.Facts {
    var facts = SelfMetrics.Facts()
    facts.uplink = driver.uplink.counters
    facts.collected = driver.uplink.ring.collected
    facts.acknowledged = driver.uplink.ring.acknowledged
    facts.dropped = driver.uplink.ring.dropped
    facts.buffered = driver.uplink.ring.count
    facts.bufferBytes = driver.uplink.ring.byteCount
    facts.bytesSent = driver.bytesSent
    facts.bytesReceived = driver.bytesReceived
    facts.undecodableCommands = driver.undecodableCommands
    facts.lateSlots = schedule.lateSlots
    facts.clockSteps = schedule.clockSteps
    facts.suspends = schedule.suspends
    facts.sampleMicroseconds = sampleMicroseconds
    return facts
  }
}
