internal import CLinux
import Glibc

/// SIGTERM and SIGINT, which stop the program, and SIGHUP, which has it read its settings again, as something to poll.
///
/// They are blocked from here on: make this before any thread, which inherits the mask.
final class ProgramSignals {
  enum Signal {
    case stop(name: String)
    case reload
  }

  let descriptor: Int32

  init() throws(CollectorFailure) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGHUP)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    descriptor = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    guard descriptor >= 0 else { throw .system("signalfd", errno) }
    // A peer, or a reader of our output, that went away is an error of write(2), not a reason to die.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit { close(descriptor) }

  /// The next signal that arrived; nil when none is left.
  func next() -> Signal? {
    var info = signalfd_siginfo()
    let size = MemoryLayout.size(ofValue: info)
    guard read(descriptor, &info, size) == size else { return nil }
    switch Int32(bitPattern: info.ssi_signo) {
    case SIGHUP: return .reload
    case SIGINT: return .stop(name: "SIGINT")
    default: return .stop(name: "SIGTERM")
    }
  }
}
