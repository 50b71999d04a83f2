import Synchronization

/// The last lines of the log, for whoever asks what happened just before.
///
/// Lines are kept as they were written, oldest first, in one piece of memory: `maximumBytes` at most.
struct LogRing: Sendable {
  private var bytes: [UInt8] = []
  /// How long each line is.
  private var lengths: [Int] = []
  /// Lines at the front that are gone already, and their bytes.
  private var goneLines = 0
  private var goneBytes = 0

  var count: Int { lengths.count - goneLines }
  var byteCount: Int { bytes.count - goneBytes }

  /// Takes a line, and lets go of old ones as the limits demand.
  mutating func append(_ line: [UInt8]) {
    let line = line.prefix(LogLimits.recentLineBytes)
    bytes.append(contentsOf: line)
    lengths.append(line.count)
    while count > LogLimits.recentLines || byteCount > LogLimits.recentBytes {
      goneBytes += lengths[goneLines]
      goneLines += 1
    }
    // Now and then the rest moves to the front: twice the limits are used at most.
    guard goneLines > LogLimits.recentLines || goneBytes > LogLimits.recentBytes else { return }
    bytes.removeFirst(goneBytes)
    lengths.removeFirst(goneLines)
    goneBytes = 0
    goneLines = 0
  }

  /// The lines without their newlines.
  var lines: [String] {
    var start = goneBytes
    return lengths[goneLines...].map { length in
      defer { start += length }
      let line = bytes[start..<start + length]
      return String(decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line, as: UTF8.self)
    }
  }
}

/// The program's state of logging that can change while it runs: shared by all its threads.
enum LogState {
  /// What the program has logged last.
  static let recent = Mutex(LogRing())
  /// The level of loggers that have none of their own, as its place in `levels`.
  static let level = Atomic<Int>(2)
}
