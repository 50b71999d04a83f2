/// A list of CPUs as /sys writes it: `0-3,5,8-11`. See cpuset(7), "List format".
public enum CPUList {
  /// The CPUs that are online, relative to a ``ProcRoot``.
  public static let onlinePath = "sys/devices/system/cpu/online"

  /// The numbers; nil if the text is no such list, or has a number beyond ``Stat/maximumCPUs``.
  public static func numbers(_ text: UnsafeRawBufferPointer) -> [Int]? {
    var cursor = Cursor(text)
    var numbers: [Int] = []
    while !cursor.isAtLineEnd {
      guard let first = cursor.digits() else { return nil }
      var last = first
      if cursor.skip(UInt8(ascii: "-")) {
        guard let end = cursor.digits() else { return nil }
        last = end
      }
      guard first <= last, last < Stat.maximumCPUs, numbers.count < Stat.maximumCPUs else { return nil }
      numbers += Int(first)...Int(last)
      guard cursor.skip(UInt8(ascii: ",")) || cursor.isAtLineEnd else { return nil }
    }
    return numbers
  }
}
