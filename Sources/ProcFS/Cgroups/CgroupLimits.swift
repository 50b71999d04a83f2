/// Files of a cgroup that hold one number, or a limit that may be `max`.
public enum CgroupLimits {
  /// A number: `memory.current`, `pids.current`.
  public static func number(_ text: UnsafeRawBufferPointer, file: String) throws(KernelError) -> Int64 {
    var cursor = Cursor(text)
    guard let value = cursor.number(), cursor.isAtLineEnd else {
      throw .malformed(file: file, line: 1, reason: "a number is expected")
    }
    return value
  }

  /// A limit: `memory.max`, `memory.high`. Nil if there is none.
  public static func limit(_ text: UnsafeRawBufferPointer, file: String) throws(KernelError) -> Int64? {
    var cursor = Cursor(text)
    if cursor.skip(prefix: "max"), cursor.isAtLineEnd { return nil }
    return try number(text, file: file)
  }

  /// `cpu.max`, a quota of microseconds in each period of microseconds, in CPUs: `50000 100000` is 0.5. Nil if there is
  /// no limit.
  public static func cpus(_ text: UnsafeRawBufferPointer) throws(KernelError) -> Double? {
    var cursor = Cursor(text)
    let isUnlimited = cursor.skip(prefix: "max ")
    let quota = isUnlimited ? 0 : cursor.number()
    guard let quota, let period = cursor.number(), period > 0, cursor.isAtLineEnd else {
      throw .malformed(file: "cpu.max", line: 1, reason: "max or a quota, and a period, are expected")
    }
    return isUnlimited ? nil : Double(quota) / Double(period)
  }
}
