/// `/proc/uptime`: how long the system is up. See proc_uptime(5).
///
///     757.68 1003.76
///
/// The second number, idle time over all CPUs, is in ``Stat`` per CPU and not read here.
public struct Uptime {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/uptime"

  /// Time since boot, suspended time included, in hundredths of a second.
  public private(set) var hundredths: Int64 = 0

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the value by that of `text`.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    var cursor = Cursor(text)
    guard let hundredths = cursor.hundredths() else {
      throw .malformed(file: Self.path, line: 1, reason: "a number of seconds is expected")
    }
    self.hundredths = hundredths
  }
}
