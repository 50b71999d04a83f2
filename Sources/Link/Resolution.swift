import Glibc
import Synchronization

/// One name being resolved on a thread of its own, because `getaddrinfo` blocks.
///
/// Two hold it: the link that waits and the thread that works. Whoever lets go last frees it, so a link may be closed
/// at any time; the thread then finishes into the void. The answer is announced on a socket pair.
final class Resolution: Sendable {
  /// Readable as soon as `answer` is there.
  let descriptor: Int32
  private let announcer: Int32
  private let state = Mutex<Lookup.Answer?>(nil)
  private let target: LinkTarget
  private let lookup: @Sendable (LinkTarget) -> Lookup.Answer

  /// Threads that have not answered yet, in the whole process.
  static let outstanding = Atomic<Int>(0)

  private init(
    _ target: LinkTarget, lookup: @escaping @Sendable (LinkTarget) -> Lookup.Answer
  ) throws(SystemFailure) {
    self.target = target
    self.lookup = lookup
    var ends: (Int32, Int32) = (-1, -1)
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    try systemCall("socketpair") {
      withUnsafeMutableBytes(of: &ends) {
        socketpair(AF_UNIX, type, 0, $0.assumingMemoryBound(to: Int32.self).baseAddress)
      }
    }
    (descriptor, announcer) = ends
  }

  deinit {
    close(descriptor)
    close(announcer)
  }

  /// Starts the thread. Throws when `LinkLimits.maximumLookups` are running, or the system has no thread or descriptor left.
  static func start(
    _ target: LinkTarget, lookup: @escaping @Sendable (LinkTarget) -> Lookup.Answer
  ) throws(LinkError) -> Resolution {
    guard outstanding.add(1, ordering: .relaxed).newValue <= LinkLimits.maximumLookups else {
      outstanding.subtract(1, ordering: .relaxed)
      throw LinkError(
        .resolution, "\(target.host): \(LinkLimits.maximumLookups) name lookups are unanswered already")
    }
    do {
      let resolution = try Resolution(target, lookup: lookup)
      try resolution.startThread()
      return resolution
    } catch {
      outstanding.subtract(1, ordering: .relaxed)
      throw LinkError(.resolution, error)
    }
  }

  /// The answer, once there is one.
  var answer: Lookup.Answer? { state.withLock { $0 } }

  private func startThread() throws(SystemFailure) {
    let retained = Unmanaged.passRetained(self)
    let number = withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { attributes in
      guard let attributes = attributes.baseAddress else { return ENOMEM }
      pthread_attr_init(attributes)
      defer { pthread_attr_destroy(attributes) }
      pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
      pthread_attr_setstacksize(attributes, Self.stackBytes)
      var thread = pthread_t()
      return Self.withSignalsBlocked {
        pthread_create(&thread, attributes, { Resolution.runThread($0) }, retained.toOpaque())
      }
    }
    guard number == 0 else {
      retained.release()
      throw SystemFailure(call: "pthread_create", number: number)
    }
  }

  /// Name service modules keep buffers of 64 KiB on the stack.
  private static let stackBytes = 512 * 1024

  /// Signals belong to the program's loop: the thread is born with all of them blocked.
  private static func withSignalsBlocked(_ body: () -> Int32) -> Int32 {
    withUnsafeTemporaryAllocation(of: sigset_t.self, capacity: 2) { masks in
      guard let all = masks.baseAddress else { return ENOMEM }
      let before = all + 1
      sigfillset(all)
      pthread_sigmask(SIG_SETMASK, all, before)
      defer { pthread_sigmask(SIG_SETMASK, before, nil) }
      return body()
    }
  }

  private static func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let resolution = Unmanaged<Resolution>.fromOpaque(argument).takeRetainedValue()
    let answer = resolution.lookup(resolution.target)
    resolution.state.withLock { $0 = answer }
    outstanding.subtract(1, ordering: .relaxed)
    _ = send(resolution.announcer, [1], 1, Int32(MSG_NOSIGNAL))
    return nil
  }
}
