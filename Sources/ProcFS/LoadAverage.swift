/// `/proc/loadavg`: how many tasks ran or waited for disk, averaged. See proc_loadavg(5).
///
///     0.36 0.77 0.46 1/96 10596
///
/// Of the rest only how many threads there are is read. The kernel writes averages with two decimals, kept exactly as
/// hundredths.
public struct LoadAverage {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/loadavg"

  /// Over one minute, in hundredths.
  public private(set) var one: Int64 = 0
  /// Over five minutes, in hundredths.
  public private(set) var five: Int64 = 0
  /// Over fifteen minutes, in hundredths.
  public private(set) var fifteen: Int64 = 0

  /// Threads there are, of all processes and of the kernel; nil if the text ends before.
  public private(set) var threads: Int64?

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the values by those of `text`.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    var cursor = Cursor(text)
    guard let one = cursor.hundredths(), let five = cursor.hundredths(), let fifteen = cursor.hundredths()
    else {
      throw .malformed(file: Self.path, line: 1, reason: "three averages are expected")
    }
    (self.one, self.five, self.fifteen) = (one, five, fifteen)
    cursor.skipBlanks()
    threads = cursor.digits() != nil && cursor.skip(UInt8(ascii: "/")) ? cursor.number() : nil
  }
}
