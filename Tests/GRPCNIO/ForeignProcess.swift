import Foundation
import GRPC
import Synchronization

/// A Python script of Tests/Foreign, running.
final class ForeignProcess: Sendable {
  /// What it has printed so far.
  private let lines: AsyncStream<String>
  private let process: Process
  private let input = Pipe()
  private let exited: Task<Int32, Never>

  /// Starts `script` of Tests/Foreign with the Python that has grpcio.
  init(_ script: String, _ arguments: [String]) throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: try Self.python.get())
    process.arguments = ["-u", Self.folder.appending(path: script).path] + arguments
    process.standardInput = input
    let output = Pipe()
    process.standardOutput = output
    let (exits, exit) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = { ended in
      exit.yield(ended.terminationStatus)
      exit.finish()
    }
    exited = Task { await exits.first { _ in true } ?? -1 }
    lines = Self.lines(of: output.fileHandleForReading)
    try process.run()
  }

  /// The first line it prints that begins with `prefix`, without that.
  func line(after prefix: String) async -> String? {
    for await line in lines where line.hasPrefix(prefix) { return String(line.dropFirst(prefix.count)) }
    return nil
  }

  /// All it prints until it ends, and its exit status.
  func finished() async -> (lines: [String], status: Int32) {
    var all: [String] = []
    for await line in lines { all.append(line) }
    return (all, await exited.value)
  }

  /// Closes its standard input, which ends a server, and waits.
  func stop() async -> Int32 {
    try? input.fileHandleForWriting.close()
    return await exited.value
  }

  /// Kills it without warning.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Foreign")

  /// `MUSTER_TEST_PYTHON`, or a `python3` that can import grpc. Throws when there is none: a missing peer is a
  /// failure of the tests, not a reason to pass them.
  private static let python = Result { try findPython() }

  private static func findPython() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["MUSTER_TEST_PYTHON"].map { [$0] } ?? []
    let found = (environment["PATH"] ?? "/usr/bin").split(separator: ":").map { "\($0)/python3" }
    for candidate in named.isEmpty ? found : named where canImport(candidate) { return candidate }
    throw Status(
      .failedPrecondition,
      "no Python with grpcio (looked at \(named.isEmpty ? "python3 in PATH" : named[0])): "
        + "set MUSTER_TEST_PYTHON to one, for example of a venv in which `pip install grpcio` was run")
  }

  private static func canImport(_ python: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", "import grpc"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  private static func lines(of file: FileHandle) -> AsyncStream<String> {
    let (lines, more) = AsyncStream.makeStream(of: String.self)
    let rest = Mutex("")
    file.readabilityHandler = { file in
      let data = file.availableData
      guard !data.isEmpty else {
        file.readabilityHandler = nil
        more.finish()
        return
      }
      rest.withLock { rest in
        rest += String(decoding: data, as: UTF8.self)
        while let end = rest.firstIndex(of: "\n") {
          more.yield(String(rest[..<end]))
          rest.removeSubrange(...end)
        }
      }
    }
    return lines
  }
}
