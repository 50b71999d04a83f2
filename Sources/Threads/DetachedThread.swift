import Glibc

/// Starts a thread that runs `body` and then ends by itself. Returns 0, or the error number of a system that
/// has no thread to give.
///
/// For what can only be asked by blocking: names, and file systems. It takes no signals: those are for the
/// thread with the loop. (The C structs are made in uninitialized memory: which module's import makes their
/// initializers visible depends on what else is imported.)
public func startDetachedThread(stackBytes: Int, _ body: @escaping @Sendable () -> Void) -> Int32 {
  withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { attributes in
    guard let attributes = attributes.baseAddress, pthread_attr_init(attributes) == 0 else { return ENOMEM }
    defer { pthread_attr_destroy(attributes) }
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(attributes, stackBytes)
    return withSignalsBlocked { start(attributes, body) }
  }
}

/// A thread inherits the mask of who starts it.
private func withSignalsBlocked(_ body: () -> Int32) -> Int32 {
  withUnsafeTemporaryAllocation(of: sigset_t.self, capacity: 2) { sets in
    guard let every = sets.baseAddress else { return ENOMEM }
    let before = every + 1
    sigfillset(every)
    pthread_sigmask(SIG_SETMASK, every, before)
    defer { pthread_sigmask(SIG_SETMASK, before, nil) }
    return body()
  }
}

private func start(
  _ attributes: UnsafePointer<pthread_attr_t>, _ body: @escaping @Sendable () -> Void
) -> Int32 {
  // One retain, which the thread takes over; or, if there is no thread, is given back here.
  let owned = Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  let result = pthread_create(
    &thread, attributes,
    { argument in
      if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }, owned.toOpaque())
  if result != 0 { owned.release() }
  return result
}

private final class ThreadBody {
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
  }

  func run() { body() }
}
