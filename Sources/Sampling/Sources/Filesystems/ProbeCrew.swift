public import ProcFS
import Threads

/// Asks file systems that may never answer, without the caller ever waiting for one.
///
/// One thread works through a queue. When it is at one mount for longer than the deadline it is given up: it
/// keeps that single question, which nothing can take back from the kernel, ends when the answer comes, and
/// another thread takes over the queue. A mount is never asked twice at a time, so that a dead server costs
/// one thread per mount. There is a limit on those, too; then the queue stands still until one comes back.
///
/// Each thread owns the crew for as long as it runs; so the crew is used through a ``ProbeCrewOwner``, with
/// which it is dismissed.
public final class ProbeCrew: @unchecked Sendable {
  // Shared between threads by design: what is mutable is touched with the monitor's lock held.

  /// How long a file system may take before it counts as stuck: 5 s, as in node_exporter.
  static let deadlineNanoseconds: Int64 = 5_000_000_000
  /// Threads that may wait for stuck mounts. One holds a few pages of memory.
  static let maximumGivenUp = 32
  /// Mounts that may wait to be asked.
  static let maximumQueued = 4096
  /// Stack of a thread; a system call and a few frames need little.
  private static let stackBytes = 128 << 10

  private let usage: @Sendable (UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError>
  private let clock: @Sendable () -> Int64
  private let monitor = Monitor()
  private var queue: [MountProbe] = []
  /// The thread that works through the queue; nil if there is none.
  private var active: Member?
  private var givenUp = 0
  private var isDismissed = false
  private var refused = 0

  /// One thread.
  // Touched with the crew's lock held, as the crew itself.
  private final class Member: @unchecked Sendable {
    /// Since when it is at a mount; nil if it is not.
    var busySince: Int64?
    var isGivenUp = false
  }

  /// A crew that asks with `usage`; `clock` counts nanoseconds.
  public init(
    usage: @escaping @Sendable (UnsafePointer<CChar>) -> Result<FilesystemUsage, SystemCallError>,
    clock: @escaping @Sendable () -> Int64
  ) {
    self.usage = usage
    self.clock = clock
  }

  /// Questions not asked because too many waited already.
  var refusedQuestions: Int { monitor.withLock { refused } }

  /// Lets a mount be asked, unless it already is. ``advance(at:)`` starts the work.
  public func submit(_ probe: MountProbe) {
    monitor.withLock {
      guard case .idle = probe.phase else { return }
      guard queue.count < Self.maximumQueued else {
        refused += 1
        return
      }
      probe.phase = .queued
      queue.append(probe)
    }
  }

  /// Gives up a thread that is overdue, and sees to it that there is one if there is something to do.
  public func advance(at now: Int64) {
    monitor.withLock {
      if let member = active, let since = member.busySince, now - since > Self.deadlineNanoseconds,
        givenUp < Self.maximumGivenUp
      {
        member.isGivenUp = true
        givenUp += 1
        active = nil
      }
      guard !queue.isEmpty else { return }
      if active == nil { start() }
      monitor.wake()
    }
  }

  /// What is known of a mount now.
  public func reading(of probe: MountProbe, at now: Int64) -> MountProbe.Reading {
    monitor.withLock {
      if case .asked(let since) = probe.phase, now - since > Self.deadlineNanoseconds {
        return .stuck(since: since)
      }
      return .answer(probe.answer)
    }
  }

  /// Waits until everything asked is answered or stuck, `nanoseconds` at most.
  func awaitAnswers(nanoseconds: Int64) {
    let end = clock() + nanoseconds
    while true {
      let now = clock()
      advance(at: now)
      let isQuiet = monitor.withLock {
        if queue.isEmpty, active?.busySince == nil { return true }
        monitor.wait(nanoseconds: min(end - now, 20_000_000))
        return false
      }
      if isQuiet || now >= end { return }
    }
  }

  /// No more work: threads leave when they can.
  func dismiss() {
    monitor.withLock {
      isDismissed = true
      queue.removeAll()
      monitor.wake()
    }
  }

  /// Starts the active thread. If the system has none to give, the next pass tries again.
  private func start() {
    let member = Member()
    if startDetachedThread(stackBytes: Self.stackBytes, { [self] in work(as: member) }) == 0 {
      active = member
    }
  }

  private func work(as member: Member) {
    monitor.enter()
    while !isDismissed, !member.isGivenUp {
      if queue.isEmpty {
        monitor.wait()
      } else {
        ask(queue.removeFirst(), as: member)
      }
    }
    if member.isGivenUp { givenUp -= 1 }
    if active === member { active = nil }
    monitor.leave()
  }

  /// Asks one mount, with the lock let go meanwhile.
  private func ask(_ probe: MountProbe, as member: Member) {
    let since = clock()
    probe.phase = .asked(since: since)
    member.busySince = since
    monitor.leave()
    let answer = probe.path.withUnsafeBufferPointer { path in path.baseAddress.map { usage($0) } }
    monitor.enter()
    probe.answer = answer
    probe.phase = .idle
    member.busySince = nil
    monitor.wake()
  }
}

/// Owns a crew, and dismisses it at the end.
public final class ProbeCrewOwner {
  /// The crew.
  public let crew: ProbeCrew

  /// From here on the crew's owner.
  public init(_ crew: ProbeCrew) {
    self.crew = crew
  }

  deinit {
    crew.dismiss()
  }
}
