import Glibc
import Synchronization

/// Standard error, a line at a time.
enum LogOutput {
  static let droppedLines = Atomic<Int>(0)

  /// Writes a line in one write(2), so that lines of several threads and processes stay whole.
  ///
  /// Logging must never stop or fail the program: a line that cannot be written is counted.
  static func write(_ line: [UInt8], to descriptor: Int32 = STDERR_FILENO) {
    let complete = line.withUnsafeBytes { writeAll($0, to: descriptor) }
    if !complete { droppedLines.add(1, ordering: .relaxed) }
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.base.baseAddress! + rest.startIndex, rest.count)
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }
}
