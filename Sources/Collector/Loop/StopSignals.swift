internal import CLinux
import Glibc

/// SIGTERM, SIGINT and SIGHUP as something to poll. SIGHUP stops, too: whoever runs the collector in a
/// terminal closes that, and a service manager starts it again, with new settings.
///
/// They are blocked from here on: make this before any thread, which inherits the mask.
final class StopSignals {
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

  /// The name of the next signal that arrived; nil when none is left.
  func next() -> String? {
    var info = signalfd_siginfo()
    let size = MemoryLayout.size(ofValue: info)
    guard read(descriptor, &info, size) == size else { return nil }
    switch Int32(bitPattern: info.ssi_signo) {
    case SIGINT: return "SIGINT"
    case SIGHUP: return "SIGHUP"
    default: return "SIGTERM"
    }
  }
}
