import Glibc
import Synchronization
import Threads

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

  /// The thread holds the resolution until it has answered.
  private func startThread() throws(SystemFailure) {
    let number = startDetachedThread(stackBytes: Self.stackBytes) { [self] in run() }
    guard number == 0 else { throw SystemFailure(call: "pthread_create", number: number) }
  }

  /// Name service modules keep buffers of 64 KiB on the stack.
  private static let stackBytes = 512 * 1024

  private func run() {
    let answer = lookup(target)
    state.withLock { $0 = answer }
    Self.outstanding.subtract(1, ordering: .relaxed)
    _ = send(announcer, [1], 1, Int32(MSG_NOSIGNAL))
  }
}
