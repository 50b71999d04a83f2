// struct timespec comes with whichever C module was read first.
internal import CLinux
import Glibc

/// A lock, and a condition to wait for while it is let go: `pthread_mutex_t` and `pthread_cond_t`, which must
/// not move in memory.
public final class Monitor {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// A lock that is free.
  public init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Takes the lock; waits for it.
  public func enter() { pthread_mutex_lock(mutex) }

  /// Lets go of it.
  public func leave() { pthread_mutex_unlock(mutex) }

  /// Runs `body` with the lock held.
  public func withLock<Result>(_ body: () -> Result) -> Result {
    enter()
    defer { leave() }
    return body()
  }

  /// Lets go of the lock until ``wake()``, or for no reason; to be called with it held.
  public func wait() { pthread_cond_wait(condition, mutex) }

  /// The same, but no longer than `nanoseconds`.
  public func wait(nanoseconds: Int64) {
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &end)
    let total = Int64(end.tv_nsec) + max(nanoseconds, 0)
    end.tv_sec += time_t(total / 1_000_000_000)
    end.tv_nsec = Int(total % 1_000_000_000)
    pthread_cond_timedwait(condition, mutex, &end)
  }

  /// Wakes all who wait.
  public func wake() { pthread_cond_broadcast(condition) }
}
