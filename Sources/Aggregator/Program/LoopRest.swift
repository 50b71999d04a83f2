import GRPC
import Glibc
import NIOCore
import NIOPosix
import Wire

/// Lets the loops of frames rest, each as its `FramePacing` says.
final class LoopRest {
  // Unsafe to the compiler only: each thread sees its own value, which is what the variable is for.
  nonisolated(unsafe) private static let ofThread = ThreadSpecificVariable<LoopRest>()

  private var pacing = FramePacing()

  /// A frame was taken on the calling thread, which is a loop's.
  static func frameTaken(at now: Instant) {
    let rest = ofThisLoop
    guard rest.pacing.frameTaken(at: now), let loop = MultiThreadedEventLoopGroup.currentEventLoop else {
      return
    }
    // NIO runs it when it has handed out everything that was ready.
    loop.assumeIsolated().execute { rest.turnEnded() }
  }

  private static var ofThisLoop: LoopRest {
    if let rest = ofThread.currentValue { return rest }
    let rest = LoopRest()
    ofThread.currentValue = rest
    return rest
  }

  private func turnEnded() {
    let rest = pacing.turnEnded(at: SystemClock().now.instant)
    guard rest > .zero else { return }
    var time = timespec(tv_sec: 0, tv_nsec: Int(rest.saturatedNanoseconds))
    // A signal may end it early: a shorter rest is as good.
    nanosleep(&time, nil)
  }
}
