import GRPC
import NIOCore
import NIOPosix

/// Timers of one event loop that may be a little late, so that many of them are one of NIO's: those that fall into the same
/// sixteenth of a second. NIO keeps its timers in a heap, and thousands of connections would pay for its depth.
final class CoarseTimers {
  /// From here on it is worth it, and being late by a `step` means nothing.
  static let minimumDelay = Duration.seconds(1)
  private static let step: Int64 = 1_000_000_000 / 16

  // Unsafe to the compiler only: each thread sees its own value, which is what the variable is for.
  nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<CoarseTimers>()

  /// By the number of the step at whose end they are due.
  private var waiting: [Int64: [() -> Void]] = [:]

  /// Those of the calling thread, which is a loop's.
  static var ofThisLoop: CoarseTimers {
    if let timers = ofThread.currentValue { return timers }
    let timers = CoarseTimers()
    ofThread.currentValue = timers
    return timers
  }

  /// Runs `body` on this loop at `due` or up to a step later.
  func schedule(at due: Instant, on loop: NIOIsolatedEventLoop, _ body: @escaping () -> Void) {
    let number = due.nanoseconds / Self.step + 1
    if waiting[number] == nil {
      loop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(clamping: number * Self.step))) {
        for body in self.waiting.removeValue(forKey: number) ?? [] { body() }
      }
    }
    waiting[number, default: []].append(body)
  }
}
