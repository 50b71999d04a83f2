import Foundation
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

  // Foundation's Process is safe to use from any thread once it runs; it only lacks the annotation.
  private nonisolated(unsafe) let process = Process()
  private let output = Mutex(Output())
  private let changed = NSCondition()
  let name: String

  init(_ name: String, _ arguments: [String], environment: [String: String] = [:], input: Pipe? = nil) throws {
    self.name = name
    process.executableURL = name.hasPrefix("/") ? URL(fileURLWithPath: name) : Self.directory.appending(path: name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = input ?? FileHandle.nullDevice
    pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      self?.took(data)
      if data.isEmpty { handle.readabilityHandler = nil }
    }
    try process.run()
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
  func exitCode() throws -> Int32 {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
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
    _ name: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (code: Int32, text: String) {
    let program = try RunningProgram(name, arguments, environment: environment)
    let code = try program.exitCode()
    return (code, program.text)
  }
}

/// A wait that came to nothing.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
