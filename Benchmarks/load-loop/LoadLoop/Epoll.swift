internal import CEpoll
import GRPC
import Glibc

/// Which of many descriptors are ready. Each is known by its owner's index; what is waited for is only told to the kernel
/// when it changes.
public final class Epoll {
  private static let eventsMaximum = 1024

  private struct Watched {
    var descriptor: Int32 = -1
    var interest: Int16 = 0
  }

  private let descriptor: Int32
  private var watched: [Watched]
  private var events = [epoll_event](repeating: epoll_event(), count: eventsMaximum)

  /// For the owners 0..<count.
  public init(owners count: Int) throws {
    descriptor = epoll_create1(0)
    guard descriptor >= 0 else { throw LoadError("epoll_create1: errno \(errno)") }
    watched = Array(repeating: Watched(), count: count)
  }

  deinit { close(descriptor) }

  /// Waits from now on for these events (of poll, which are the same numbers) on an owner's descriptor; -1: for none.
  public func watch(_ owner: Int, _ wanted: Int32, for interest: Int16) throws {
    let known = watched[owner]
    guard known.descriptor != wanted || known.interest != interest else { return }
    watched[owner] = Watched(descriptor: wanted, interest: interest)
    // A descriptor that was closed has left the set by itself.
    guard wanted >= 0 else { return }
    var event = epoll_event()
    event.events = UInt32(UInt16(bitPattern: interest))
    event.data.u64 = UInt64(owner)
    let operation = known.descriptor == wanted ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
    guard epoll_ctl(descriptor, operation, wanted, &event) == 0 else {
      throw LoadError("epoll_ctl: errno \(errno)")
    }
  }

  /// Hands out who is ready; waits for `time` at most. To the nanosecond, unlike `epoll_wait`: thousands of messages a
  /// second that left on whole milliseconds would arrive in bursts.
  public func wait(_ time: Duration, _ ready: (_ owner: Int, _ events: Int16) throws -> Void) throws {
    var pause = timespec(max(time, .zero))
    let count = epoll_pwait2(descriptor, &events, Int32(Self.eventsMaximum), &pause, nil)
    for event in events.prefix(Int(max(count, 0))) {
      try ready(Int(event.data.u64), Int16(truncatingIfNeeded: event.events))
    }
  }
}
