/// What a group of processes may use at most, in the files of its folder. See the kernel's
/// Documentation/admin-guide/cgroup-v2.rst, and cgroup-v1/memory.rst.
public enum CgroupCeilings {
  /// From here on a number of bytes is no limit: version 1 writes the largest multiple of a page below 2⁶³.
  public static let unlimitedBytes: Int64 = .max - (1 << 20)

  /// Bytes, of `memory.max` (`max` or a number) or `memory.limit_in_bytes`; nil: no limit.
  public static func bytes(
    _ text: UnsafeRawBufferPointer, path: String
  ) throws(KernelError) -> Int64? {
    var cursor = Cursor(text)
    if cursor.skip(prefix: "max") { return nil }
    guard let bytes = cursor.number() else {
      throw .malformed(file: path, line: 1, reason: "max or a number of bytes is expected")
    }
    return bytes < unlimitedBytes ? bytes : nil
  }

  /// Millionths of a CPU, of `cpu.max`: `max 100000`, or microseconds of CPU time and the length of the period
  /// that they are for; nil: no limit.
  public static func microcores(
    _ text: UnsafeRawBufferPointer, path: String
  ) throws(KernelError) -> Int64? {
    var cursor = Cursor(text)
    if cursor.skip(prefix: "max") { return nil }
    guard let quota = cursor.number(), let period = cursor.number(), period > 0 else {
      throw .malformed(file: path, line: 1, reason: "max or a quota, and a period, are expected")
    }
    return microcores(quota: quota, period: period)
  }

  /// The same of version 1: `cpu.cfs_quota_us`, which is -1 if there is no limit, and `cpu.cfs_period_us`.
  public static func microcores(quota: Int64, period: Int64) -> Int64? {
    guard quota >= 0, period > 0 else { return nil }
    let (product, overflow) = quota.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? nil : product / period
  }
}
