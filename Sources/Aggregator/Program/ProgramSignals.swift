import Glibc
import Synchronization

/// SIGTERM and SIGINT stop the program in good order, a second one at once; SIGHUP reads the certificates anew.
///
///     signal ─► handler: one byte into a pipe ─► a thread that does nothing but read it ─► requests
///
/// Blocking the signals and waiting for them would be simpler, but the main thread of a Swift program with an
/// asynchronous `main` sleeps with every signal open, whatever was blocked before.
enum ProgramSignals {
  /// What a signal asks for.
  enum Request: Sendable {
    case stop(signal: Int32)
    case reload
  }

  /// So many requests wait to be heard; older ones are dropped.
  private static let maximumWaiting = 8

  /// The requests from now on. To be asked for once.
  ///
  /// - Throws: what the kernel said when it had no pipe or no thread.
  static func requests() throws(ProgramFailure) -> AsyncStream<Request> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Request.self, bufferingPolicy: .bufferingNewest(maximumWaiting))
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ProgramFailure("no pipe for signals", errno) }
    pipeForSignals.store(ends[1], ordering: .relaxed)
    try SignalReader(descriptor: ends[0], continuation).start()
    for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, noteSignal) }
    // A peer that is gone is an error of the write, not the end of the program.
    signal(SIGPIPE, SIG_IGN)
    return stream
  }
}

/// Where the handler writes.
private let pipeForSignals = Atomic<Int32>(-1)

/// Runs in the middle of anything: may only do what signal-safety(7) lists.
private func noteSignal(_ number: Int32) {
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(pipeForSignals.load(ordering: .relaxed), &byte, 1)
  errno = saved
}

/// Reads signals on a thread of its own, for as long as the program runs.
private final class SignalReader: Sendable {
  private let descriptor: Int32
  private let continuation: AsyncStream<ProgramSignals.Request>.Continuation

  init(descriptor: Int32, _ continuation: AsyncStream<ProgramSignals.Request>.Continuation) {
    self.descriptor = descriptor
    self.continuation = continuation
  }

  func start() throws(ProgramFailure) {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(self)
    let error = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<SignalReader>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, retained.toOpaque())
    guard error == 0 else {
      retained.release()
      throw ProgramFailure("no thread for signals", error)
    }
    pthread_detach(thread)
  }

  private func run() {
    var isStopping = false
    var byte: UInt8 = 0
    while true {
      guard read(descriptor, &byte, 1) == 1 else { continue }
      let signal = Int32(byte)
      if signal == SIGHUP {
        continuation.yield(.reload)
      } else if isStopping {
        // As a shell reports a program that a signal ended.
        _exit(128 + signal)
      } else {
        isStopping = true
        continuation.yield(.stop(signal: signal))
      }
    }
  }
}
