/// Numbers as bcache writes them. See `bch_hprint` in the kernel's drivers/md/bcache/util.c.
public enum BcacheText {
  /// A number as people read it: `20.4G` is 20.4 · 2³⁰, with three digits or so of the real one. `/sec` may
  /// follow. Nil if the text is anything else.
  public static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
    var cursor = Cursor(text)
    cursor.skipBlanks()
    let isNegative = cursor.skip(UInt8(ascii: "-"))
    guard let whole = cursor.digits() else { return nil }
    var tenths: Int64 = 0
    if cursor.skip(UInt8(ascii: ".")) {
      // One digit; older kernels count to ten there.
      guard let digits = cursor.digits(), digits <= 10 else { return nil }
      tenths = min(digits, 9)
    }
    guard let shift = cursor.unit() else { return nil }
    _ = cursor.skip(prefix: "/sec")
    cursor.skipBlanks()
    guard cursor.isAtLineEnd else { return nil }
    let magnitude = scaled(whole, tenths, shift)
    return isNegative ? -magnitude : magnitude
  }

  /// (whole + tenths / 10) · 2^shift, rounded down; `Int64.max` at most.
  private static func scaled(_ whole: Int64, _ tenths: Int64, _ shift: Int64) -> Int64 {
    let (product, overflow) = whole.multipliedReportingOverflow(by: 1 << shift)
    let (sum, carry) = product.addingReportingOverflow(tenths * (1 << shift) / 10)
    return overflow || carry ? .max : sum
  }
}

extension Cursor {
  /// The power of two that a letter stands for; 0 without one.
  fileprivate mutating func unit() -> Int64? {
    let shift: Int64
    switch next {
    case UInt8(ascii: "k"): shift = 10
    case UInt8(ascii: "M"): shift = 20
    case UInt8(ascii: "G"): shift = 30
    case UInt8(ascii: "T"): shift = 40
    case UInt8(ascii: "P"): shift = 50
    case UInt8(ascii: "E"), UInt8(ascii: "Z"), UInt8(ascii: "Y"): return nil
    default: return 0
    }
    step()
    return shift
  }
}
