/// Texts below `/sys/class/infiniband/*/ports/*`. Documentation/ABI/stable/sysfs-class-infiniband
public enum InfiniBandText {
  /// The number of a state: 4 of `4: ACTIVE`. Nil if there is none.
  public static func state(_ text: UnsafeRawBufferPointer) -> Int64? {
    var cursor = Cursor(text)
    cursor.skipBlanks()
    guard let number = cursor.digits(), cursor.skip(UInt8(ascii: ":")) else { return nil }
    return number
  }

  /// Bytes a second of a link's rate: `2.5 Gb/sec (1X SDR)` is 312,500,000. Nil if it is not in Gb/sec.
  public static func rate(_ text: UnsafeRawBufferPointer) -> Int64? {
    var cursor = Cursor(text)
    guard let hundredths = cursor.hundredths() else { return nil }
    cursor.skipBlanks()
    guard cursor.skip(prefix: "Gb/sec") else { return nil }
    let (rate, overflow) = hundredths.multipliedReportingOverflow(by: 1_250_000)
    return overflow ? nil : rate
  }
}
