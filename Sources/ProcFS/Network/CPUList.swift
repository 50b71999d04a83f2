/// `/sys/devices/system/cpu/online`: which CPUs are online, `0-3,5,8-11`. See cpuset(7), "List format".
public struct CPUList {
  /// The file, relative to a ``ProcRoot``.
  public static let onlinePath = "sys/devices/system/cpu/online"

  /// The CPUs, in the file's order.
  public private(set) var numbers: [Int] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the CPUs by those of `text`. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    numbers.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    while !cursor.isAtLineEnd {
      guard let range = range(&cursor), cursor.skip(UInt8(ascii: ",")) || cursor.isAtLineEnd else {
        throw .malformed(file: Self.onlinePath, line: 1, reason: "a list of CPUs is expected")
      }
      guard range.upperBound < Stat.maximumCPUs, numbers.count < Stat.maximumCPUs else {
        throw .malformed(file: Self.onlinePath, line: 1, reason: "more than \(Stat.maximumCPUs) CPUs")
      }
      numbers.append(contentsOf: range)
    }
  }

  private func range(_ cursor: inout Cursor) -> ClosedRange<Int>? {
    guard let first = cursor.digits() else { return nil }
    guard cursor.skip(UInt8(ascii: "-")) else { return Int(first)...Int(first) }
    guard let last = cursor.digits(), first <= last else { return nil }
    return Int(first)...Int(last)
  }
}
