import Glibc

/// Ctrl-C and its like (SIGTERM, SIGHUP): the first asks for an end in good order, the second is not asked
/// twice. One per program.
final class Interrupts: Sendable {
  private let signals: AsyncStream<Void>

  /// From now on the signals do not end the program by themselves.
  init() {
    let (signals, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
    self.signals = signals
    // Lives as long as the program: the second signal may come when everybody else is waiting.
    Task.detached {
      var isSecond = false
      for await _ in Signals.stream([SIGINT, SIGTERM, SIGHUP]) {
        if isSecond { _exit(CommandFailure.Code.interrupted.rawValue) }
        isSecond = true
        feed.yield()
        feed.finish()
      }
    }
  }

  /// Returns true when the first signal comes, false when the waiting task is cancelled before.
  func first() async -> Bool {
    for await _ in signals { return true }
    return false
  }
}
