/// `io.stat`: what a cgroup read from and wrote to block devices, a line for each.
///
///     8:0 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0
///
/// Some kernels name devices without numbers, and then without a newline (`7:1 7:0 8:0 rbytes=…`).
public struct CgroupIO: Hashable, Sendable {
  /// Over all devices that count: bytes read, bytes written, reads, writes.
  public private(set) var sums = SIMD4<Int64>()

  /// Adds up the devices that count.
  public init(
    parsing text: UnsafeRawBufferPointer, counts: (_ major: UInt32, _ minor: UInt32) -> Bool
  ) throws(KernelError) {
    var cursor = Cursor(text)
    var line = 1
    var isCounted: Bool?
    while !cursor.isAtEnd {
      let word = cursor.word()
      if word.count == 0 {
        cursor.skipLine()
        line += 1
        isCounted = nil
      } else if let (major, minor) = Self.device(word.bytes(in: text)) {
        isCounted = counts(major, minor)
      } else {
        guard let isCounted else { throw Self.malformed(line, "a device is expected") }
        try add(word.bytes(in: text), isCounted, line)
      }
    }
  }

  private static func device(_ word: UnsafeRawBufferPointer) -> (UInt32, UInt32)? {
    var cursor = Cursor(word)
    guard let major = cursor.digits(), cursor.skip(UInt8(ascii: ":")), let minor = cursor.digits(),
      cursor.isAtEnd
    else { return nil }
    guard let major = UInt32(exactly: major), let minor = UInt32(exactly: minor) else { return nil }
    return (major, minor)
  }

  private mutating func add(
    _ word: UnsafeRawBufferPointer, _ isCounted: Bool, _ line: Int
  ) throws(KernelError) {
    var cursor = Cursor(word)
    guard let place = Self.names.firstIndex(where: { cursor.skip(prefix: $0) }) else { return }
    guard let value = cursor.digits(), cursor.isAtEnd else {
      throw Self.malformed(line, "a number is expected behind =")
    }
    guard isCounted else { return }
    let (sum, overflow) = sums[place].addingReportingOverflow(value)
    sums[place] = overflow ? .max : sum
  }

  private static let names: [StaticString] = ["rbytes=", "wbytes=", "rios=", "wios="]

  private static func malformed(_ line: Int, _ reason: String) -> KernelError {
    .malformed(file: "io.stat", line: line, reason: reason)
  }
}
