import Foundation
import Glibc
import Synchronization

/// One of Muster's programs as a real process, its output kept line by line. Ended at the latest when
/// it is let go.
final class RunningProgram: Sendable {
  /// Far more than any of the waits needs; a wait that takes this long has failed.
  static let patience: TimeInterval = 30

  private struct Output {
    var text = ""
    var isOpen = true
  }

  private let process = Process()
  private let output = Mutex(Output())
  private let changed = NSCondition()
  let name: String

  init(_ name: String, _ arguments: [String], environment: [String: String] = [:], input: Pipe? = nil) throws
  {
    self.name = name
    process.executableURL =
      name.hasPrefix("/") ? URL(fileURLWithPath: name) : Self.directory.appending(path: name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (reading, writing) = try Self.privatePipe()
    process.standardOutput = writing
    process.standardError = writing
    process.standardInput = input ?? FileHandle.nullDevice
    try process.run()
    try writing.close()
    Thread.detachNewThread { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      var count = 1
      while count > 0 {
        count = read(reading.fileDescriptor, &buffer, buffer.count)
        self?.took(Data(buffer.prefix(max(count, 0))))
      }
    }
  }

  /// Two ends that no other test's program inherits, as it would a plain pipe's: when this program
  /// ends, the reader is told.
  private static func privatePipe() throws -> (reading: FileHandle, writing: FileHandle) {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure("no socket pair: errno \(errno)") }
    return (
      FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
      FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    )
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Where the programs were built: beside the tests.
  static var directory: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
  }

  var processID: Int32 { process.processIdentifier }

  /// Everything written so far, by both streams.
  var text: String { output.withLock { $0.text } }

  private func took(_ data: Data) {
    output.withLock { output in
      output.text += String(decoding: data, as: UTF8.self)
      if data.isEmpty { output.isOpen = false }
    }
    changed.lock()
    changed.broadcast()
    changed.unlock()
  }

  /// Waits until the output contains a text; throws with the whole output if it never does.
  @discardableResult
  func wait(for wanted: String) throws -> String {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    changed.lock()
    defer { changed.unlock() }
    while true {
      let (text, isOpen) = output.withLock { ($0.text, $0.isOpen) }
      if text.contains(wanted) { return text }
      guard isOpen, changed.wait(until: deadline) else {
        throw Failure("\(name) never wrote '\(wanted)'; it wrote:\n\(self.text)")
      }
    }
  }

  func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end and returns the exit code; a signal's number negated if one ended it.
  func exitCode(patience: TimeInterval = patience) throws -> Int32 {
    let deadline = Date(timeIntervalSinceNow: patience)
    changed.lock()
    while output.withLock({ $0.isOpen }) {
      guard changed.wait(until: deadline) else {
        changed.unlock()
        throw Failure("\(name) did not end; it wrote:\n\(text)")
      }
    }
    changed.unlock()
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// Runs a program to its end.
  static func run(
    _ name: String, _ arguments: [String], environment: [String: String] = [:],
    patience: TimeInterval = patience
  ) throws -> (code: Int32, text: String) {
    let program = try RunningProgram(name, arguments, environment: environment)
    let code = try program.exitCode(patience: patience)
    return (code, program.text)
  }
}

/// A wait that came to nothing.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Runs a test that waits for processes on threads of its own: the tasks of all other tests share a
/// thread per core, and would wait with it.
func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
  try await withTaskExecutorPreference(OwnThread()) { try body() }
}

private final class OwnThread: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
