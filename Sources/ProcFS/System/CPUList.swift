/// A list of CPUs as the kernel writes it: `/sys/devices/system/cpu/online`, `cpuset.cpus.effective`. See
/// cpuset(7), List format.
///
///     0-3,8,12-15
///
/// The numbers ascend. An empty text is an empty list.
public struct CPUList: Hashable, Sendable {
  /// Those that are online, relative to a ``ProcRoot``.
  public static let onlinePath = "sys/devices/system/cpu/online"

  /// The CPUs, ascending.
  public private(set) var numbers: [Int] = []

  /// No CPUs.
  public init() {}

  /// The CPUs of `text`. `path` is for errors.
  public init(_ text: UnsafeRawBufferPointer, path: String) throws(KernelError) {
    var cursor = Cursor(text)
    cursor.skipBlanks()
    while !cursor.isAtLineEnd {
      let first = cursor.digits()
      let last = cursor.skip(UInt8(ascii: "-")) ? cursor.digits() : first
      guard let first, let last, first <= last, last < Stat.maximumCPUs, first > numbers.last ?? -1 else {
        throw Self.malformed(path)
      }
      numbers.append(contentsOf: Int(first)...Int(last))
      let isFollowed = cursor.skip(UInt8(ascii: ","))
      cursor.skipBlanks()
      if isFollowed == cursor.isAtLineEnd { throw Self.malformed(path) }
    }
  }

  private static func malformed(_ path: String) -> KernelError {
    .malformed(
      file: path, line: 1, reason: "ascending CPUs below \(Stat.maximumCPUs) are expected, as in 0-3,8")
  }
}
